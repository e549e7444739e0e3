"""The zone of a place is chosen from a list, and a slip of the pen gets an offer."""

from __future__ import annotations

import pytest

from tests.admin.test_forms import ADD_PLACE, errors_of, place_form
from weatherapp.admin.zones import find_near_zones
from weatherapp.models import Place

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("dublin", "Europe/Dublin"),
        ("Europe/Dubln", "Europe/Dublin"),
        ("New_York", "America/New_York"),
        ("America/NewYork", "America/New_York"),
        ("sao paulo".replace(" ", "_"), "America/Sao_Paulo"),
        ("Manilla", "Asia/Manila"),
    ],
)
def test_what_was_meant_comes_first(typed, first):
    assert find_near_zones(typed)[0] == first


@pytest.mark.parametrize("typed", ["", "Middle-earth", "x", "../../etc/passwd", "12:00"])
def test_what_is_like_nothing_gets_no_offer(typed):
    assert find_near_zones(typed) == []


def test_slip_is_refused_with_an_offer(operator):
    answer = operator.post(ADD_PLACE, place_form(time_zone="europe/dublln"))

    told = errors_of(answer)["time_zone"]
    assert told[0].startswith("There is no time zone europe/dublln. Did you mean Europe/Dublin, ")
    assert not Place.objects.exists()


def test_zone_is_stored_as_it_is_spelled_however_it_was_typed(operator):
    operator.post(ADD_PLACE, place_form(time_zone=" america/new york "))

    assert Place.objects.get().time_zone == "America/New_York"


def test_zones_can_be_chosen_from(operator):
    text = operator.get(ADD_PLACE).content.decode()

    assert 'list="time-zones"' in text
    assert '<datalist id="time-zones">' in text
    assert '<option value="Pacific/Auckland">' in text
    assert "Etc/GMT" not in text
