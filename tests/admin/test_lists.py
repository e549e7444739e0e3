"""Lists on a phone, what cells say, and filters that can be named."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.admin.acting import log_in_with
from tests.factories import NOON, make_place, make_prediction, make_readings, make_request
from weatherapp.admin.words import show_table
from weatherapp.models import RequestState, SourceForecast
from weatherapp.pages.cell_tags import with_headings

pytestmark = pytest.mark.django_db


def changelist(model: str) -> str:
    return reverse(f"admin:weatherapp_{model}_changelist")


def test_each_cell_has_its_columns_heading(operator):
    make_place(name="Cork")

    page = operator.get(changelist("place")).content.decode()

    row = page[page.index("<tbody>") : page.index("</tbody>")]
    headings = re.findall(r'data-heading="([^"]+)"', row)
    shown = re.findall(r'<div class="text"><(?:a href="[^"]*"|span)>([^<]+)<', page)
    assert headings == shown
    assert headings[:2] == ["Name", "Weather from"]


def test_headings_are_in_the_readers_language(operator):
    make_place(name="Cork")

    page = operator.get(changelist("place"), headers={"Accept-Language": "fr"}).content.decode()

    assert 'data-heading="Nom"' in page


def test_a_heading_is_escaped_and_a_checkbox_gets_none():
    cells = ['<td class="action-checkbox"><input></td>', '<td class="field-a">1</td>', "loose"]
    headers = [{"text": "<input type=checkbox>"}, {"text": 'so "called"'}, {"text": "last"}]

    shown = list(with_headings(cells, headers))

    assert shown == [
        cells[0],
        '<td data-heading="So &quot;called&quot;" class="field-a">1</td>',
        "loose",
    ]


@pytest.mark.parametrize(("language", "name"), [("en", "Ireland"), ("fr", "Irlande")])
def test_who_may_only_look_reads_a_countrys_name(language, name):
    place = make_place(country="IE")
    client = log_in_with("view_place")
    address = reverse("admin:weatherapp_place_change", args=[place.pk])

    page = client.get(address, headers={"Accept-Language": language}).content.decode()

    assert name in page
    assert ">IE<" not in page


def test_who_may_change_a_place_chooses_its_country(operator):
    place = make_place(country="IE")
    address = reverse("admin:weatherapp_place_change", args=[place.pk])

    page = operator.get(address).content.decode()

    assert '<option value="IE" selected>Ireland</option>' in page
    assert "field-country_by_name" not in page


def test_a_failed_fetch_is_told_in_words_and_as_the_source_said_it(operator):
    make_place(
        fetch_failures=1, fetch_failed_at=NOON, fetch_problem="TOO_SLOW", fetch_error="<timed out>"
    )

    page = operator.get(changelist("place"), headers={"Accept-Language": "en"}).content.decode()

    assert "The weather source did not answer in time. (&lt;timed out&gt;)" in page


def test_requests_without_an_error_have_a_filter_with_a_name(operator):
    place = make_place()
    make_request(place)
    make_request(place, state=RequestState.REFUSED, error="ContractError")

    page = operator.get(changelist("predictionrequest")).content.decode()

    assert re.search(r'<a href="\?error=">\s*none\s*</a>', page)


def test_weather_is_said_in_words_and_its_units_stand_above(operator):
    make_readings(make_place(source="open_meteo"), hours=1, weather_code=63.0)

    page = operator.get(changelist("reading"), headers={"Accept-Language": "en"}).content.decode()

    assert ">Rain<" in page
    assert ">Open-Meteo<" in page
    assert ">open_meteo<" not in page
    assert 'data-heading="Wind (m/s)"' in page


def test_a_forecasts_hours_have_units_and_percents(operator):
    row = SourceForecast.objects.create(
        place=make_place(),
        hour_at=NOON,
        received_at=NOON,
        source="open_meteo",
        first_at=NOON,
        columns={"precipitation_mm": [0.2], "precipitation_probability": [0.85]},
    )
    address = reverse("admin:weatherapp_sourceforecast_change", args=[row.pk])

    page = operator.get(address, headers={"Accept-Language": "en"}).content.decode()

    assert '<th scope="col">Precipitation (mm)</th>' in page
    assert "<td>1 Jan 2026, 12:00 UTC</td>" in page
    assert "85\N{NO-BREAK SPACE}%" in page


def test_a_rule_that_nobody_can_read_is_refused_in_the_readers_language(operator):
    address = reverse("admin:try_rule")

    answer = operator.get(address, headers={"Accept-Language": "fr"}, follow=True)

    assert "Choose a rule" not in answer.content.decode()


def test_decimals_are_written_as_the_language_writes_them(operator):
    make_prediction(make_place(), elapsed_ms=12.34)

    page = operator.get(changelist("prediction"), headers={"Accept-Language": "fr"})

    assert "12,3 ms" in page.content.decode()


def test_a_rows_page_is_headed_by_its_place(operator):
    prediction = make_prediction(make_place(name="Cork"))
    address = reverse("admin:weatherapp_prediction_change", args=[prediction.pk])

    page = operator.get(address).content.decode()

    assert f"<h2>Cork, {prediction.window_end_at:%Y-%m-%d %H:%M}</h2>" in page


def test_a_wide_table_scrolls_by_the_keyboard_and_escapes_its_cells():
    shown = show_table(["hour"], [["<b>"]])

    assert shown.startswith('<div class="wide" tabindex="0"><table>')
    assert "<td>&lt;b&gt;</td>" in shown
