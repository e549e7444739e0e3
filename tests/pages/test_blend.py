"""The parts of a blended probability, where readers and operators find them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from tests.factories import NOON, make_place, make_readings
from tests.forecasting.source_runs import make_blended, make_run
from tests.pages.markup import read, words
from weatherapp.models import BlendWeight, Ticket

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + timedelta(minutes=10))


def make_place_with_parts(**fields):
    place = make_place(fetched_at=NOON)
    make_readings(place)
    make_blended(place, model=0.2, source=0.6, site=0.4, **fields)
    return place


def test_the_place_page_names_the_parts_and_the_weights(client):
    text = words(client.get(make_place_with_parts().get_absolute_url()))

    assert "Rain is likely within the next 6 hours: 60 %" in text
    assert (
        "6 hours, 60 %: model 20 %, Open-Meteo 60 % in its likeliest hour; "
        "default weights until 300 hours are scored (0 so far)." in text
    )
    assert "24 hours, 80 %: model 40 %, Open-Meteo 60 %" in text


def test_the_table_shows_the_blended_hour_beside_what_it_was_made_of(client):
    place = make_place_with_parts()
    make_run(place, 0.99, issued_at=NOON + timedelta(minutes=5))  # came after the prediction

    markup = read(client.get(place.get_absolute_url()).content.decode())

    heads = [cell.text for cell in markup.all("th", scope="col")]
    heads = heads[heads.index("Rain in this hour") - 1 :][:5]
    cells = [cell.text.replace(NBSP, " ") for cell in markup.all("td", **{"class": "number"})]
    cells = [cell for cell in cells if cell.endswith("%")][:4]
    assert heads == [
        "Hour",
        "Rain in this hour",
        "Any rain up to then",
        "Model alone",
        "Weather source alone",
    ]
    assert cells == ["40 %", "40 %", "20 %", "60 %"]


def test_without_a_blend_the_page_says_nothing_of_parts(client):
    place = make_place_with_parts(
        blended_hourly_probability=None,
        blended_any_6h=None,
        blended_any_24h=None,
        blend=None,
    )
    page = client.get(place.get_absolute_url())

    assert "likeliest hour;" not in words(page)
    assert "Model alone" not in words(page)


def test_the_admin_shows_weights_histograms_and_the_parts_of_each_hour(client):
    client.force_login(User.objects.create_superuser("ada"))
    prediction = make_blended(make_place())
    BlendWeight.objects.create(
        source="open_meteo",
        first_lead_hours=1,
        last_lead_hours=2,
        intercept=-0.2,
        model_weight=0.7,
        source_weight=0.4,
        is_learned=True,
        hours=312,
        cases=624,
        wet_cases=100,
        model_brier=0.0912,
        fitted_at=NOON,
    )

    weights = words(client.get("/admin/weatherapp/blendweight/"))
    detail = words(client.get(f"/admin/weatherapp/prediction/{prediction.pk}/change/"))

    assert "Open-Meteo 1\u20132 h" in weights
    assert "312 -0.20 0.70 0.40 0.0912 - -" in weights
    assert client.get("/admin/weatherapp/scorehistogram/").status_code == 200
    assert "Thu 13:00 UTC 40 % 20 % 20 % 60 %" in detail  # site, model, calibrated, source


def test_the_admin_sorts_predictions_by_what_it_shows(client):
    client.force_login(User.objects.create_superuser("ada"))
    likely = make_blended(make_place(), blended_any_6h=0.9, probability_any_6h=0.1)
    unlikely = make_blended(make_place(name="Cork"), blended_any_6h=0.5, probability_any_6h=0.7)

    page = client.get("/admin/weatherapp/prediction/?o=-3")

    assert list(page.context["cl"].result_list) == [likely, unlikely]


def test_an_asked_prediction_answers_with_the_sites_probabilities_and_their_parts(client):
    prediction = make_blended(make_place(), model=0.2, source=0.6, site=0.4)
    ticket = Ticket.objects.create(request=prediction.request, created_at=NOON)

    text = words(client.get(ticket.get_absolute_url()))
    result = client.get(f"/api/v1/predictions/{ticket.pk}").json()["result"]

    assert "6 hours, 60 %: model 20 %, Open-Meteo 60 % in its likeliest hour" in text
    assert result["hourly_probability"] == [0.4] * 24
    assert result["probability_any_6h"] == pytest.approx(0.6)
    assert result["blend"]["source"] == "open_meteo"
