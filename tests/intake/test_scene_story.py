"""What a visitor finds at the scene's present: alerts of many kinds, in all stages of their life."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.factories import NOON, make_prediction
from weatherapp.alerting.evaluation import evaluate_places
from weatherapp.intake.refresh import refresh
from weatherapp.intake.scenes.catalogue import SCENES
from weatherapp.models import Alert, AlertState, ChangeReason, Place
from weatherapp.operations import demo

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ANDREA = SCENES["andrea-2013"]
HOUR = timedelta(hours=1)
# What rain_mini 3-78cfcd31 said while `make run` played the scene, by station, from the first hour
# on: the probability of rain in the next hour, and in the next six.
RECORDED = json.loads((Path(__file__).parent / "recorded/andrea_predictions.json").read_text())


@pytest.fixture
def alerts(db):
    """The alerts of the scene, played by the real engine over its real rows."""
    scene = demo.load(ANDREA)
    places = list(Place.objects.all())
    for step in range((ANDREA.plays_until_at - ANDREA.starts_at) // HOUR + 1):
        scene.playing_at = ANDREA.starts_at + step * HOUR
        scene.save()
        refresh([place.pk for place in places], now=NOON)
        for place in places:
            predict(place, step, scene.playing_at)
        evaluate_places([place.pk for place in places], now=NOON)
    return Alert.objects.select_related("rule", "place")


def predict(place, step, hour_at):
    next_hour, next_six = RECORDED[place.station][step]
    make_prediction(
        place,
        window_end_at=hour_at,
        answered_at=NOON,
        hourly_probability=[next_hour] * 24,
        probability_any_6h=next_six,
    )


def reasons_of(alert):
    return set(alert.changes.values_list("reason", flat=True))


def test_the_present_shows_many_kinds_at_three_severities_in_all_stages_of_their_life(alerts):
    is_open = {
        (alert.place.station, alert.rule.key): (alert.severity, reasons_of(alert) - {"EXTENDED"})
        for alert in alerts.open()
    }
    raised, worse = {ChangeReason.RAISED}, {ChangeReason.RAISED, ChangeReason.ESCALATED}

    assert is_open == {
        ("EWR", "persistent-rain"): ("Extreme", worse),
        ("EWR", "heavy-rain-measured-6h"): ("Moderate", worse | {ChangeReason.REDUCED}),
        ("JFK", "persistent-rain"): ("Extreme", worse),
        ("JFK", "heavy-rain-measured-6h"): ("Severe", worse),
        ("JFK", "rain-soon"): ("Minor", raised),
        ("JFK", "rain-6h"): ("Minor", raised),
        ("LGA", "persistent-rain"): ("Extreme", worse),
        ("LGA", "heavy-rain-measured-6h"): ("Severe", worse),
        ("LGA", "heavy-rain-measured"): ("Moderate", raised),
        ("LGA", "rain-soon"): ("Minor", raised),
        ("LGA", "rain-6h"): ("Minor", raised),
    }
    assert {alert.state for alert in alerts.open()} == {AlertState.FIRING}


def test_the_history_has_wind_downpours_and_probable_rain_that_are_over(alerts):
    over = {
        (alert.place.station, alert.rule.key)
        for alert in alerts.filter(state=AlertState.ENDED, ended_at__lte=ANDREA.plays_until_at)
    }
    rain = {"rain-soon", "rain-6h"}
    fallen = {"heavy-rain-measured", "heavy-rain-measured-6h", "persistent-rain"}
    kinds = {"EWR": rain | fallen | {"strong-wind"}, "JFK": rain, "LGA": rain | {"strong-wind"}}

    assert over == {(station, key) for station, keys in kinds.items() for key in keys}
