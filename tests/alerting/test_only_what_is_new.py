"""When the predictor answers, only the rules that look at probabilities are applied."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    NOON,
    make_forecast,
    make_place,
    make_prediction,
    make_rule,
    rain_soon,
    storm_gusts,
)
from weatherapp.alerting.catalogue import BY_KEY
from weatherapp.alerting.evaluation import evaluate_places
from weatherapp.alerting.installing import install_rules
from weatherapp.domain.conditions import Basis
from weatherapp.models import Alert, AlertChange

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
ANSWERED = [Basis.PROBABILITY]


def make_storm(place, at=NOON):
    return make_forecast(place, hour_at=at, wind_gust_ms=[30.0] * 48)


def reasons(ids):
    rows = AlertChange.objects.in_bulk(ids)
    return [(rows[pk].alert.rule.name, rows[pk].reason) for pk in ids]


def test_an_answer_raises_what_it_says_and_leaves_the_rest_alone():
    place = make_place()
    make_rule(says=storm_gusts(), name="Gusts")
    make_rule(says=rain_soon(), name="Rain")
    make_storm(place)
    make_prediction(place, hourly_probability=[0.9] * 24, probability_any_6h=0.9)

    changes = evaluate_places([place.pk], now=NOON, new=ANSWERED)

    assert reasons(changes) == [("Rain", "RAISED")]
    assert reasons(evaluate_places([place.pk], now=NOON)) == [("Gusts", "RAISED")]


def test_after_the_weather_was_looked_at_an_answer_changes_the_same_as_looking_at_all():
    install_rules(now=NOON)
    twins = [make_place(name=name) for name in ("One", "Two")]
    for place in twins:
        make_storm(place)
        evaluate_places([place.pk], now=NOON)
        make_prediction(
            place, hourly_probability=[0.9] * 24, probability_any_6h=0.9, probability_any_24h=0.9
        )
    one, two = twins

    some = evaluate_places([one.pk], now=NOON, new=ANSWERED)
    whole = evaluate_places([two.pk], now=NOON)

    assert reasons(some) == reasons(whole)
    assert {name for name, _ in reasons(some)} == {
        BY_KEY["rain-soon"].name,
        BY_KEY["rain-6h"].name,
    }


def test_what_is_no_longer_in_force_ends_whatever_is_new():
    place = make_place()
    rule = make_rule(says=rain_soon())
    prediction = make_prediction(place, hourly_probability=[0.9] * 24, probability_any_6h=0.9)
    evaluate_places([place.pk], now=NOON)
    rule.is_active = False
    rule.save()

    changes = evaluate_places([place.pk], now=NOON, new=ANSWERED)

    assert [reason for _, reason in reasons(changes)] == ["RULE_OFF"]
    assert AlertChange.objects.get(pk=changes[0]).prediction_id == prediction.pk
    assert not Alert.objects.open().exists()


def test_neither_readings_nor_runs_are_read_for_an_answer():
    place = make_place()
    make_rule(says=storm_gusts())
    make_rule(says=rain_soon())
    make_storm(place)
    make_prediction(place)

    with CaptureQueriesContext(connection) as asked:
        evaluate_places([place.pk], now=NOON, new=ANSWERED)

    text = " ".join(query["sql"] for query in asked)
    assert "weatherapp_prediction" in text
    assert "weatherapp_reading" not in text
    assert "weatherapp_sourceforecast" not in text
