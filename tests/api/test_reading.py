"""What every reading operation gives, and that it fits its own description."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.api.described import check_answer
from tests.factories import NOON, make_alert, make_place, make_readings, make_rule, storm_gusts
from tests.official.making import make_cap
from tests.official.stored import known_source, store
from tests.pages.scenes import make_live_place
from weatherapp.api.catalogue import OPERATIONS
from weatherapp.models import Alert, OfficialWarning, Tag, WarningSource

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    place = make_live_place(country="IE")
    place.tags.add(Tag.objects.create(name="coast"))
    return place


@pytest.fixture
def alert(place):
    return make_alert(make_rule(place, name="Gusts", says=storm_gusts()))


def test_a_place_says_how_it_stands(program, place, alert):
    told = program.get(f"/places/{place.pk}").json()

    assert told == {
        "id": place.pk,
        "name": "Dublin",
        "latitude": 53.35,
        "longitude": -6.26,
        "time_zone": "Europe/Dublin",
        "country": "IE",
        "tags": ["coast"],
        "is_active": True,
        "source": "open_meteo",
        "is_replay": False,
        "clock_at": "2026-01-01T12:00:00Z",
        "standing": "moderate",
        "severity": "Moderate",
        "open_alerts": 1,
        "fetched_at": "2026-01-01T11:55:00Z",
        "distance_km": None,
        "page": f"http://testserver{place.get_absolute_url()}",
    }


def test_no_data_is_not_calm(program, place):
    make_place(name="Cork")

    standings = [one["standing"] for one in program.get("/places").json()["items"]]

    assert standings == ["calm", "no-data"]


def test_hours_to_come_have_the_sources_values_and_the_sites_probability(program, place):
    told = program.get(f"/places/{place.pk}/forecast?hours=30").json()
    first, last = told["hours"][0], told["hours"][-1]

    assert (told["source"], told["is_forecast_fresh"], told["is_rain_fresh"]) == (
        "open_meteo",
        True,
        True,
    )
    assert told["rain"]["probability_any_6h"] == pytest.approx(0.72)
    assert first["at"] == "2026-01-01T13:00:00Z"
    assert (first["rain_probability"], first["temperature_c"]) == (0.1, 9.5)
    assert first["precipitation_probability"] == 0.35
    assert first["wind_gust_ms"] is None
    assert (len(told["hours"]), last["rain_probability"]) == (30, None)


def test_old_facts_are_said_to_be_none(program, place, clock):
    clock(NOON + timedelta(hours=7))

    told = program.get(f"/places/{place.pk}/forecast").json()

    assert (told["is_forecast_fresh"], told["is_rain_fresh"]) == (False, False)


def test_a_place_of_which_nothing_is_known(program):
    told = program.get(f"/places/{make_place().pk}/forecast").json()

    assert (told["source"], told["rain"], told["is_forecast_fresh"]) == (None, None, False)
    assert {hour["rain_probability"] for hour in told["hours"]} == {None}


def test_readings_come_newest_first_and_within_a_span(program, place):
    path = f"/places/{place.pk}/readings"
    all_of_them = program.get(path).json()["items"]
    some = program.get(
        f"{path}?since=2026-01-01T09:00:00Z&until=2026-01-01T12:00:00%2B01:00"
    ).json()["items"]

    assert len(all_of_them) == 24
    assert (all_of_them[0]["at"], all_of_them[0]["temperature_c"]) == ("2026-01-01T12:00:00Z", 12.0)
    assert [one["at"][11:13] for one in some] == ["10", "09"]


def test_what_has_not_happened_yet_is_not_told(program):
    place = make_place()
    make_readings(place, until=NOON + timedelta(hours=3), hours=5)

    assert len(program.get(f"/places/{place.pk}/readings").json()["items"]) == 2


def test_an_alert_comes_with_its_changes_and_what_they_saw(program, place, alert):
    told = program.get(f"/alerts/{alert.public_id}").json()

    assert (told["place"], told["rule"]["name"]) == ({"id": place.pk, "name": "Dublin"}, "Gusts")
    assert (told["state"], told["severity"], told["urgency"], told["hazard"]) == (
        "FIRING",
        "Moderate",
        "Immediate",
        "WIND",
    )
    assert [(one["reason"], one["old_state"]) for one in told["changes"]] == [("RAISED", None)]
    (condition,) = told["changes"][0]["evidence"]["conditions"]
    assert (condition["quantity"], condition["threshold"]) == ("wind_gust_ms", 18.0)
    assert told["evidence"] == told["changes"][0]["evidence"]


def test_a_rule_says_in_a_sentence_what_it_says_in_numbers(program, place, alert):
    told = program.get(f"/rules/{alert.rule_id}").json()
    french = program.get(f"/rules/{alert.rule_id}?lang=fr").json()

    assert told["sentence"].startswith("Raises an alert when the highest ")
    assert "18.0 m/s" in told["sentence"]
    assert french["sentence"] != told["sentence"]
    assert told["conditions"][0]["levels"][1] == {
        "severity": "Severe",
        "threshold": 29.0,
        "recovery_threshold": 26.0,
        "codes": [],
    }
    assert (told["scope"], told["places"], told["version"]) == ("PLACES", [place.pk], 1)


def test_a_rule_whose_version_cannot_be_read_is_told_without_it(program, alert):
    alert.rule.versions.update(definition={"conditions": [{"quantity": "moonlight"}]})

    told = program.get(f"/rules/{alert.rule_id}").json()

    assert (told["sentence"], told["conditions"], told["no_data_policy"]) == ("", [], None)


@pytest.mark.parametrize("path", ["/scores", "/places/{}/scores"])
def test_scores_name_each_rule_that_can_be_judged(program, place, alert, path):
    told = program.get(path.format(place.pk)).json()

    assert (told["hours"], told["is_enough"], told["skill"]) == (0, False, None)
    assert [(one["name"], one["alerts"]) for one in told["rules"]] == [("Gusts", 0)]


def test_sources_of_weather_tell_their_places(program, place):
    make_place(name="Cork", source="", fetch_failures=2)  # the site's: a replay

    assert program.get("/sources/weather").json()["items"] == [
        {
            "name": "open_meteo",
            "places": 1,
            "failing_places": 0,
            "fetched_at": "2026-01-01T11:55:00Z",
        },
        {"name": "replay", "places": 1, "failing_places": 1, "fetched_at": None},
    ]


def test_sources_of_warnings_tell_their_state(program):
    WarningSource.objects.create(
        key="ie-met", issuer="Met Éireann", countries="IE", address="https://e.org", state="on"
    )
    WarningSource.objects.create(key="x", issuer="X", address="https://x.org")

    (told,) = program.get("/sources/warnings?state=on").json()["items"]

    assert (told["key"], told["countries"], told["problem"], told["in_force"]) == (
        "ie-met",
        ["IE"],
        None,
        None,
    )


@pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if one.is_safe], ids=lambda one: one.name
)
def test_every_answer_is_as_described(program, redis, place, alert, operation):
    WarningSource.objects.create(key="x", issuer="X", address="https://x.org")
    ticket = program.post(f"/places/{place.pk}/predictions").json()
    store(known_source(), make_cap("a"))
    path = operation.path.removeprefix("/api/v1").format(
        place_id=place.pk,
        alert_id=alert.public_id,
        rule_id=alert.rule_id,
        prediction_id=ticket["id"],
        warning_id=OfficialWarning.objects.get().public_id,
    )

    response = program.get(path)

    assert response.status_code == 200
    check_answer(operation, response)
    assert response["ETag"].startswith('W/"')
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in response


@pytest.mark.parametrize(
    "path",
    [
        "/places/{}",
        "/places/{}/forecast",
        "/places/{}/readings",
        "/places/{}/scores",
        "/places/{}/warnings",
        "/rules/{}",
    ],
)
@pytest.mark.parametrize("pk", [0, 999, 10**30])
def test_what_is_not_there_is_404(program, path, pk):
    response = program.get(path.format(pk))

    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


@pytest.mark.parametrize("path", ["/alerts/{}", "/warnings/{}", "/predictions/{}"])
def test_so_is_what_was_never_made(program, path):
    assert program.get(path.format(uuid4())).status_code == 404
    assert Alert.objects.count() == 0
