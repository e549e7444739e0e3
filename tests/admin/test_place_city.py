"""A new place begins with a city's data, and what is left empty comes from the nearest one."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.admin.test_forms import ADD_PLACE, errors_of, place_form
from tests.factories import make_place
from weatherapp.models import Place

pytestmark = pytest.mark.django_db


def test_a_city_is_found_and_its_data_stand_in_the_form(operator):
    found = operator.get(ADD_PLACE, {"city": "galway"}).content.decode()
    (link,) = re.findall(r'<a href="(\?name=Galway&amp;[^"]+)"', found)

    form = operator.get(ADD_PLACE + unescape(link)).context["adminform"].form

    assert form["name"].value() == "Galway"
    assert form["time_zone"].value() == "Europe/Dublin"
    assert form["country"].value() == "IE"
    assert float(form["latitude"].value()) == pytest.approx(53.27, abs=0.02)


def test_cities_of_one_name_are_told_apart(operator):
    found = operator.get(ADD_PLACE, {"city": "Portland"}).content.decode()

    assert "Portland</a>, Maine, United States" in found
    assert "Portland</a>, Oregon, United States" in found


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "zzzzz", "%00"])
def test_a_city_that_is_not_known_is_named_as_it_was_typed(operator, typed):
    answer = operator.get(ADD_PLACE, {"city": typed})

    assert answer.status_code == 200
    assert "No city of 15,000 people is called" in answer.content.decode()
    assert "<script>alert" not in answer.content.decode()


def test_an_empty_zone_is_that_of_the_nearest_city(operator):
    operator.post(ADD_PLACE, place_form(time_zone=""))

    place = Place.objects.get()
    assert (place.time_zone, place.country) == ("Europe/Dublin", "IE")


def test_a_country_that_was_typed_stays(operator):
    operator.post(ADD_PLACE, place_form(time_zone="", country="gb"))

    assert Place.objects.get().country == "GB"


def test_far_from_any_city_the_zone_must_be_named(operator):
    answer = operator.post(ADD_PLACE, place_form(time_zone="", latitude="0", longitude="-30"))

    assert "No city is within 50 km" in errors_of(answer)["time_zone"][0]
    assert not Place.objects.exists()


def test_where_the_position_is_wrong_the_zone_is_not_complained_about_as_well(operator):
    answer = operator.post(ADD_PLACE, place_form(time_zone="", latitude="north"))

    assert list(errors_of(answer)) == ["latitude"]


def test_a_new_place_begins_without_a_zone(operator):
    form = operator.get(ADD_PLACE).context["adminform"].form

    assert not form["time_zone"].value()


def test_the_list_is_narrowed_by_countries_with_their_names(operator):
    make_place(country="IE")
    make_place(name="Somewhere")
    page = operator.get("/admin/weatherapp/place/").content.decode()

    assert re.search(r'<a href="\?country=IE">\s*Ireland</a>', page)
