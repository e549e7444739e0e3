"""A rule tried on the past."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.engine.cast import (
    HOUR,
    NOON,
    gust_condition,
    make_rule,
    pressure_condition,
    rain_sum_condition,
    wet_condition,
)
from weatherapp.alerting.engine import backtest as engine
from weatherapp.alerting.engine.backtest import BacktestStoppedError, play
from weatherapp.alerting.engine.facts import Forecast, Prediction
from weatherapp.alerting.engine.history import History, play_facts
from weatherapp.alerting.engine.neighbours import find_neighbour
from weatherapp.domain.cap import Severity
from weatherapp.domain.series import Series
from weatherapp.domain.spans import Span


def history(hours, *, forecasts=(), predictions=(), **columns):
    """Hours after noon; each column is of the hours from one o'clock on."""
    record = Series(NOON + HOUR, columns)
    return History(record, NOON, NOON + hours * HOUR, forecasts=forecasts, predictions=predictions)


def run(hours_after_noon, gusts, *, arrives_after=0):
    run_at = NOON + hours_after_noon * HOUR
    forecast = Forecast(Series(run_at + HOUR, {"wind_gust_ms": gusts}), run_at)
    return run_at + arrives_after * HOUR, forecast


def prediction(hours_after_noon, probability):
    at = NOON + hours_after_noon * HOUR
    return at, Prediction(at, [probability] * 24, probability, probability)


def backtest(rule, past, **options):
    (result,) = engine.backtest([rule], past, **options)
    return result


def spans(result):
    return tuple(event.span for event in result.events)


def test_a_storm_that_was_forecast_is_a_hit_with_its_lead():
    gusts = [5.0] * 9 + [22.0] * 2 + [5.0] * 9
    storm_known_from = [run(hour, gusts[hour:]) for hour in range(20)]

    result = backtest(make_rule(), history(20, forecasts=storm_known_from, wind_gust_ms=gusts))

    assert spans(result) == (Span(NOON + 9 * HOUR, NOON + 11 * HOUR),)
    assert (result.hits, result.false_alarms, result.misses) == (1, 0, 0)
    assert result.events[0].lead == timedelta(hours=5)  # seen when it is in the next six hours
    assert result.firing_for == timedelta(hours=7)
    (alert,) = result.alerts
    assert (alert.raised_at, alert.ends_at) == (NOON + 4 * HOUR, NOON + 11 * HOUR)
    assert alert.severity is Severity.MODERATE


def test_a_storm_that_did_not_come_and_one_that_nobody_saw():
    gusts = [5.0] * 20 + [25.0] * 2 + [5.0] * 8
    wrong = [run(hour, [5.0, 20.0] + [5.0] * 20 if hour == 3 else [5.0] * 24) for hour in range(30)]

    result = backtest(make_rule(), history(30, forecasts=wrong, wind_gust_ms=gusts))

    assert result.false_alarms == len(result.alerts) == 1
    assert spans(result) == (Span(NOON + 20 * HOUR, NOON + 22 * HOUR),)
    assert (result.misses, result.events[0].lead) == (1, None)


def test_hours_without_facts_are_counted():
    result = backtest(make_rule(), history(20, forecasts=[run(0, [5.0] * 40)], wind_gust_ms=[5.0]))

    assert result.hours_without_data == 14  # a run counts for six hours


def test_what_is_decided_on_measurements_meets_its_own_events():
    rain = [0.0] * 10 + [8.0] * 5 + [0.0] * 40

    result = backtest(make_rule(rain_sum_condition()), history(55, precipitation_mm=rain))

    assert (result.hits, result.false_alarms, result.misses) == (1, 0, 0)
    assert result.events[0].lead < timedelta(hours=24)


def test_a_fall_of_pressure_is_an_event_of_its_three_hours():
    fall = [1012.0] * 6 + [1009.0, 1006.0, 1003.0] + [1003.0] * 6

    result = backtest(make_rule(pressure_condition()), history(15, pressure_msl_hpa=fall))

    assert len(result.events) == len(result.alerts) == result.hits == 1


def test_probabilities_are_held_against_wet_hours():
    rain = [0.0] * 5 + [0.1, 0.4] + [0.0] * 13
    sure = [prediction(hour, 0.9 if hour < 7 else 0.01) for hour in range(20)]

    result = backtest(
        make_rule(wet_condition()), history(20, predictions=sure, precipitation_mm=rain)
    )

    assert spans(result) == (Span(NOON + 5 * HOUR, NOON + 7 * HOUR),)
    assert (result.hits, result.false_alarms) == (1, 0)


def test_spells_that_no_alert_could_tell_apart_are_one_event():
    rain = [0.5] + [0.0] * 6 + [0.5] + [0.0] * 7 + [0.5]

    result = backtest(make_rule(wet_condition()), history(16, precipitation_mm=rain))

    assert [span.starts_at for span in spans(result)] == [NOON, NOON + 15 * HOUR]


def test_an_alert_that_spoke_of_two_events_is_there_for_both():
    gusts = [5.0] * 3 + [22.0] + [5.0] * 8 + [22.0] + [5.0] * 8
    says = make_rule(gust_condition(hours=6), keep_firing_minutes=8 * 60)
    told = [run(hour, gusts[hour:]) for hour in range(21)]

    result = backtest(says, history(21, forecasts=told, wind_gust_ms=gusts))

    assert (len(result.alerts), result.hits, result.misses) == (1, 2, 0)


def test_a_run_counts_from_when_it_was_there():
    late = [run(0, [5.0, 25.0] + [5.0] * 40, arrives_after=1)]

    facts = dict(play_facts(history(2, forecasts=[(NOON + 2 * HOUR, late[0][1])])))

    assert [facts[NOON + hour * HOUR].forecast for hour in (1, 2)] == [None, late[0][1]]
    assert facts[NOON + 2 * HOUR].forecast.run_at == NOON


def test_measurements_that_stop_grow_old():
    facts = dict(play_facts(history(9, wind_gust_ms=[5.0, None, 5.0, None])))

    newest = [facts[NOON + hour * HOUR].measured.newest_at for hour in (1, 2, 3, 9)]
    assert newest == [NOON + hour * HOUR for hour in (1, 1, 3, 3)]


def test_several_rules_play_one_history_as_each_would_alone():
    gusts = [5.0, 12.0, 19.0, 25.0, 31.0, 20.0, 16.0, 9.0] * 40
    rules = [make_rule(gust_condition(hours=3)), make_rule(gust_condition(hours=12))]
    rules.append(find_neighbour(rules[0], 1))
    told = [run(hour, gusts[hour : hour + 48]) for hour in range(0, 320, 5)]

    together = engine.backtest(rules, history(320, forecasts=iter(told), wind_gust_ms=gusts))

    alone = [backtest(rule, history(320, forecasts=told, wind_gust_ms=gusts)) for rule in rules]
    assert together == alone
    assert all(result.alerts for result in together)


def test_it_can_be_stopped():
    with pytest.raises(BacktestStoppedError):
        backtest(make_rule(), history(2_000), go_on=lambda done: done < 1_000)


def test_every_hour_is_played_once():
    hours = [now for now, _ in play_facts(history(48))]

    assert hours == [NOON + step * HOUR for step in range(1, 49)]


def test_what_is_played_is_what_was_decided():
    gusts = [5.0] * 4 + [22.0] * 2 + [5.0] * 9
    told = [run(hour, gusts[hour:]) for hour in range(15)]

    changes = [
        (now, transition.change.reason)
        for now, transition in play(make_rule(), history(15, forecasts=told))
        if transition.change
    ]

    assert changes == [(NOON + HOUR, "RAISED"), (NOON + 6 * HOUR, "CLEARED")]
