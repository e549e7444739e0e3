"""The forms for places and rules: what is wrong is said, and nothing is stored."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.factories import (
    NOON,
    make_alert,
    make_place,
    make_readings,
    make_rule,
    make_subscription,
)
from tests.forecasting.source_runs import make_run
from weatherapp.models import Alert, Place, PlaceCalibration, Reading, Subscription, Tag

pytestmark = pytest.mark.django_db

ADD_PLACE = "/admin/weatherapp/place/add/"


def place_form(**fields: str | list[int]) -> dict[str, str | list[int]]:
    return {
        "name": "Galway",
        "latitude": "53.27",
        "longitude": "-9.05",
        "time_zone": "Europe/Dublin",
        "source": "open_meteo",
        "station": "",
        "is_active": "on",
        "country": "",
        **fields,
    }


def errors_of(answer) -> dict[str, list[str]]:
    assert answer.status_code == 200
    return answer.context["adminform"].form.errors


def test_place_is_stored_and_due_at_once(operator):
    answer = operator.post(ADD_PLACE, place_form())

    place = Place.objects.get()
    assert answer.status_code == 302
    assert (place.name, place.latitude, place.next_refresh_at) == ("Galway", 53.27, None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("latitude", "90.1", id="too far north"),
        pytest.param("latitude", "-91", id="too far south"),
        pytest.param("latitude", "nan", id="no number"),
        pytest.param("latitude", "north", id="a word"),
        pytest.param("latitude", "", id="nothing"),
        pytest.param("longitude", "180.5", id="too far east"),
        pytest.param("longitude", "-inf", id="endlessly west"),
        pytest.param("time_zone", "Europe/Atlantis", id="unknown time zone"),
        pytest.param("time_zone", "../../etc/passwd", id="a path for a time zone"),
        pytest.param("source", "crystal_ball", id="unknown source"),
        pytest.param("name", "", id="no name"),
    ],
)
def test_impossible_place_is_refused(operator, field, value):
    answer = operator.post(ADD_PLACE, place_form(**{field: value}))

    assert list(errors_of(answer)) == [field]
    assert not Place.objects.exists()


@pytest.mark.parametrize(
    ("source", "site_source"), [("replay", "open_meteo"), ("", "replay")], ids=["own", "the site's"]
)
@pytest.mark.parametrize("station", ["", "XYZ"])
def test_replay_needs_a_station_that_it_has(operator, settings, source, site_source, station):
    settings.WEATHER_SOURCE = site_source

    answer = operator.post(ADD_PLACE, place_form(source=source, station=station))

    assert "EWR, JFK, LGA" in errors_of(answer)["station"][0]
    assert not Place.objects.exists()


def test_replay_with_its_station_is_stored(operator):
    operator.post(ADD_PLACE, place_form(source="replay", station="JFK"))

    assert Place.objects.get().station == "JFK"


@pytest.mark.parametrize(
    ("changes", "is_due_at_once"),
    [
        pytest.param({"latitude": "10"}, True, id="moved"),
        pytest.param({"name": "Gaillimh"}, False, id="renamed"),
    ],
)
def test_place_that_moved_is_fetched_anew(operator, changes, is_due_at_once):
    place = make_place(next_refresh_at=NOON)
    same = {"name": place.name, "latitude": "53.35", "longitude": "-6.26"}

    operator.post(change_page(place), place_form(**(same | changes)))

    place.refresh_from_db()
    assert (place.next_refresh_at is None) is is_due_at_once


@pytest.mark.parametrize(
    ("changes", "is_kept"),
    [
        pytest.param({"latitude": "10"}, False, id="moved north"),
        pytest.param({"longitude": "10"}, False, id="moved east"),
        pytest.param({"source": "replay", "station": "JFK"}, False, id="another source"),
        pytest.param({"name": "Gaillimh"}, True, id="renamed"),
    ],
)
def test_weather_of_elsewhere_is_forgotten(operator, changes, is_kept):
    place = make_place(backfilled_at=NOON, claimed_until=NOON)
    make_readings(place)
    make_run(place)
    make_readings(make_place(name="Cork"), hours=2)
    PlaceCalibration.objects.create(place=place, learned_until_at=NOON, updated_at=NOON)
    same = {"name": place.name, "latitude": "53.35", "longitude": "-6.26", "source": "open_meteo"}

    operator.post(change_page(place), place_form(**(same | changes)))

    place.refresh_from_db()
    assert (place.backfilled_at is not None) is is_kept
    assert (place.claimed_until is not None) is is_kept
    assert place.readings.count() == (24 if is_kept else 0)
    assert place.source_forecasts.exists() is is_kept
    assert PlaceCalibration.objects.exists() is is_kept
    assert Reading.objects.exclude(place=place).count() == 2


def test_place_that_was_off_gets_the_days_that_it_missed(operator):
    place = make_place(backfilled_at=NOON, is_active=False)
    make_readings(place)
    same = {"name": place.name, "latitude": "53.35", "longitude": "-6.26", "source": "open_meteo"}

    operator.post(change_page(place), place_form(**same, is_active="on"))

    place.refresh_from_db()
    assert place.is_active
    assert place.backfilled_at is None
    assert place.readings.count() == 24


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("europe/dublin", "Europe/Dublin"),
        ("AMERICA/NEW YORK", "America/New_York"),
        ("utc", "UTC"),
    ],
)
def test_time_zone_is_taken_however_it_is_spelt(operator, typed, stored):
    operator.post(ADD_PLACE, place_form(time_zone=typed))

    assert Place.objects.get().time_zone == stored


def test_unknown_time_zone_is_named_and_a_right_one_shown(operator):
    answer = operator.post(ADD_PLACE, place_form(time_zone="Dublin time"))

    (message,) = errors_of(answer)["time_zone"]
    assert "Dublin_time is no time zone" in message
    assert "Europe/Dublin" in message


def test_place_gets_its_country_in_capitals_and_tags(operator):
    tag = Tag.objects.create(name="coast")

    operator.post(ADD_PLACE, place_form(country="ie", tags=[tag.pk]))

    place = Place.objects.get()
    assert place.country == "IE"
    assert list(place.tags.all()) == [tag]


@pytest.mark.parametrize("country", ["UK", "XX", "I", "12", "Ireland"])
def test_country_that_iso_3166_does_not_know_is_refused(operator, country):
    answer = operator.post(ADD_PLACE, place_form(country=country))

    assert list(errors_of(answer)) == ["country"]
    assert not Place.objects.exists()


@pytest.mark.parametrize("name", ["coast", "COAST", " Coast "])
def test_tag_is_not_stored_twice(operator, name):
    Tag.objects.create(name="coast")

    answer = operator.post("/admin/weatherapp/tag/add/", {"name": name})

    assert "There is a tag with this name already." in str(errors_of(answer))
    assert Tag.objects.count() == 1


# Deleting


def change_page(row) -> str:
    return reverse(f"admin:weatherapp_{row._meta.model_name}_change", args=[row.pk])


def delete_page(row) -> str:
    return reverse(f"admin:weatherapp_{row._meta.model_name}_delete", args=[row.pk])


def test_deleting_a_place_says_what_goes_with_it(operator):
    place = make_place()
    make_alert(make_rule(place))

    page = operator.get(delete_page(place))

    summary = dict(page.context["model_count"])
    assert summary == {"places": 1, "alerts": 1, "alert changes": 1}


def test_place_can_be_deleted_with_its_history(operator):
    place = make_place()
    make_alert(make_rule(place))
    make_subscription(place)

    operator.post(delete_page(place), {"post": "yes"})

    assert not Place.objects.exists()
    assert not Alert.objects.exists()
    assert not Subscription.objects.exists()


def test_several_places_can_be_deleted_at_once(operator):
    places = [make_place(), make_place(name="Cork")]
    form = {"action": "delete_selected", "_selected_action": [place.pk for place in places]}

    operator.post("/admin/weatherapp/place/", form | {"post": "yes"})

    assert not Place.objects.exists()


def test_address_can_be_erased(operator):
    subscription = make_subscription(make_place())

    operator.post(delete_page(subscription), {"post": "yes"})

    assert not Subscription.objects.exists()


def test_countries_are_chosen_by_their_names(operator):
    page = operator.get(ADD_PLACE).content.decode()

    assert '<option value="IE">Ireland</option>' in page
