"""Operators take places away as CSV, and paste them."""

from __future__ import annotations

import pytest

from tests.factories import make_place
from tests.pages.markup import words
from weatherapp.models import Place

LIST, PASTE, EXPORT = (f"/admin/weatherapp/place/{part}" for part in ("", "import/", "export.csv"))
TABLE = "name,latitude,longitude\nLyon,45.76,4.84\n"


@pytest.fixture(autouse=True)
def live(settings, db):
    settings.WEATHER_SOURCE = "open_meteo"


def test_the_list_leads_to_both(operator):
    page = operator.get(LIST).content.decode()

    assert f'href="{PASTE}"' in page
    assert f'href="{EXPORT}"' in page


def test_it_is_exported_as_a_file(operator):
    make_place(name="Łódź")
    answer = operator.get(EXPORT)

    assert answer.headers["Content-Disposition"] == 'attachment; filename="places.csv"'
    assert "Łódź" in b"".join(answer.streaming_content).decode()


def test_a_table_is_tried_and_then_stored(operator):
    tried = operator.post(PASTE, {"table": TABLE})
    assert "New places: 1" in words(tried)
    assert not Place.objects.exists()

    stored = operator.post(PASTE, {"table": TABLE, "store": "Store"}, follow=True)
    assert "New places: 1" in words(stored)
    assert Place.objects.get().country == "FR"


def test_mistakes_are_told_and_what_was_typed_stays(operator):
    page = operator.post(PASTE, {"table": TABLE + "<b>,99,1\n", "store": "Store"})

    assert "Line 3, latitude: “99” is no latitude" in words(page)
    assert "Lyon" in page.content.decode()
    assert b"<b>" not in page.content
    assert not Place.objects.exists()


@pytest.mark.parametrize("address", [PASTE, EXPORT])
def test_without_permission_nobody_gets_in(guest, stranger, address):
    assert guest.get(address).status_code == 403
    assert stranger.get(address).status_code == 302
    assert guest.post(PASTE, {"table": TABLE, "store": "1"}).status_code == 403
    assert not Place.objects.exists()
