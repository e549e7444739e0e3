"""What is told of a place: its alerts, its data, and what is not known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import (
    NOON,
    make_alert,
    make_forecast,
    make_place,
    make_prediction,
    make_rule,
    make_scene,
    storm_gusts,
)
from tests.mqtt.telling import MINUTE, make_fresh_place, read_levels, read_state
from weatherapp.alerting.engine.facts import FRESH
from weatherapp.domain.conditions import Basis
from weatherapp.models import (
    AlertState,
)
from weatherapp.mqtt.state import BELIEVED_FOR
from weatherapp.mqtt.workflow import publish_due
from weatherapp.publishing import workflow as publishing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("said")]


def test_fresh_data_without_an_alert_say_that_there_is_none(mosquitto):
    place = make_fresh_place()

    publish_due(now=NOON)

    state = read_state(mosquitto, place)
    assert read_levels(mosquitto, place) == dict.fromkeys(
        ("minor", "moderate", "severe", "extreme"), "OFF"
    )
    assert (state["severity"], state["alert_count"]) == ("none", 0)
    assert state["data_at"] == "2026-01-01T11:50:00+00:00"


@pytest.mark.parametrize(
    "fetched_at",
    [
        pytest.param(None, id="never fetched"),
        pytest.param(NOON - BELIEVED_FOR - MINUTE, id="too old"),
    ],
)
def test_no_data_is_not_no_alert(mosquitto, fetched_at):
    place = make_place(fetched_at=fetched_at)

    publish_due(now=NOON)

    state = read_state(mosquitto, place)
    assert set(read_levels(mosquitto, place).values()) == {None}
    assert (state["severity"], state["alert_count"]) == (None, None)


def test_data_are_believed_as_long_as_rules_believe_them():
    assert FRESH[Basis.MEASURED] == BELIEVED_FOR


def test_an_alert_is_one_of_its_severity_and_below(mosquitto):
    place = make_fresh_place()
    rule = make_rule(place, says=storm_gusts())
    alert = make_alert(rule, severity="Severe")

    publish_due(now=NOON)

    state = read_state(mosquitto, place)
    assert read_levels(mosquitto, place) == {
        "minor": "ON",
        "moderate": "ON",
        "severe": "ON",
        "extreme": "OFF",
    }
    assert (state["severity"], state["alert_count"]) == ("severe", 1)
    (told,) = state["alerts"]
    assert told["id"] == str(alert.public_id)
    assert told["onset"] == "2026-01-01T12:00:00+00:00"
    assert told["url"] == f"http://testserver{alert.get_absolute_url()}"


def test_without_data_an_open_alert_stays_and_what_is_worse_is_not_known(mosquitto):
    place = make_place(fetched_at=NOON - timedelta(hours=4))
    rule = make_rule(place, says=storm_gusts())
    make_alert(rule, severity="Moderate", state=AlertState.NO_DATA)

    publish_due(now=NOON)

    assert read_levels(mosquitto, place) == {
        "minor": "ON",
        "moderate": "ON",
        "severe": None,
        "extreme": None,
    }
    assert read_state(mosquitto, place)["alerts"][0]["has_data"] is False


def test_the_headline_is_the_published_one_in_the_operators_language(mosquitto, said):
    said(language="fr")
    place = make_fresh_place()
    make_forecast(place)
    make_alert(make_rule(place), publish_at=NOON)
    publishing.publish_due(now=NOON)

    publish_due(now=NOON)

    assert read_state(mosquitto, place)["alerts"][0]["headline"].startswith("Mineure")


def test_the_chance_of_rain_is_the_sites(mosquitto):
    place = make_fresh_place()
    make_prediction(
        place,
        window_end_at=NOON - timedelta(hours=1),
        probability_any_6h=0.42,
        probability_any_24h=0.8,
    )

    publish_due(now=NOON)

    state = read_state(mosquitto, place)
    assert state["precipitation_probability_6h"] == 0.42
    assert state["precipitation_probability_24h"] == 0.8


@pytest.mark.parametrize("age_hours", [-1, 4])
def test_a_prediction_that_is_not_of_now_is_none(mosquitto, age_hours):
    place = make_fresh_place()
    make_prediction(place, window_end_at=NOON - timedelta(hours=age_hours))

    publish_due(now=NOON)

    assert read_state(mosquitto, place)["precipitation_probability_6h"] is None


def test_a_replay_says_that_it_is_one_and_tells_real_times(mosquitto):
    place = make_fresh_place(source="replay")
    make_scene(anchor_real_at=NOON + timedelta(days=1), anchor_scene_at=NOON)
    make_alert(make_rule(place), onset_at=NOON)

    publish_due(now=NOON + timedelta(days=1))

    state = read_state(mosquitto, place)
    assert state["status"] == "Exercise"
    assert state["alerts"][0]["onset"] == "2026-01-02T12:00:00+00:00"
