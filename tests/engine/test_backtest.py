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
from weatherapp.alerting.engine.backtest import (
    BacktestCancelledError,
    History,
    backtest,
    play,
    shift,
)
from weatherapp.alerting.engine.facts import Forecast, Prediction
from weatherapp.domain.cap import Severity
from weatherapp.domain.series import Series
from weatherapp.domain.spans import Span


def history(hours, *, forecasts=(), predictions=(), **columns):
    """Hours after noon; each column is of the hours from one o'clock on."""
    record = Series(NOON + HOUR, columns)
    return History(record, NOON, NOON + hours * HOUR, forecasts=forecasts, predictions=predictions)


def run(hours_after_noon, gusts):
    run_at = NOON + hours_after_noon * HOUR
    return Forecast(Series(run_at + HOUR, {"wind_gust_ms": gusts}), run_at)


def prediction(hours_after_noon, probability):
    return Prediction(NOON + hours_after_noon * HOUR, [probability] * 24, probability, probability)


def test_a_storm_that_was_forecast_is_a_hit_with_its_lead():
    gusts = [5.0] * 9 + [22.0] * 2 + [5.0] * 9
    storm_known_from = [run(hour, gusts[hour:]) for hour in range(20)]

    result = backtest(make_rule(), history(20, forecasts=storm_known_from, wind_gust_ms=gusts))

    assert result.events == (Span(NOON + 9 * HOUR, NOON + 11 * HOUR),)
    assert (result.hits, result.false_alarms, result.missed) == (1, 0, ())
    assert result.median_lead == timedelta(hours=5)  # seen when it is in the next six hours
    (alert,) = result.alerts
    assert (alert.raised_at, alert.ends_at) == (NOON + 4 * HOUR, NOON + 11 * HOUR)
    assert alert.severity is Severity.MODERATE


def test_a_storm_that_did_not_come_and_one_that_nobody_saw():
    gusts = [5.0] * 20 + [25.0] * 2 + [5.0] * 8
    wrong = [run(hour, [5.0, 20.0] + [5.0] * 20 if hour == 3 else [5.0] * 24) for hour in range(30)]

    result = backtest(make_rule(), history(30, forecasts=wrong, wind_gust_ms=gusts))

    assert result.false_alarms == len(result.alerts) == 1
    assert result.missed == result.events == (Span(NOON + 20 * HOUR, NOON + 22 * HOUR),)
    assert result.median_lead is None


def test_hours_without_facts_are_counted():
    result = backtest(make_rule(), history(20, forecasts=[run(0, [5.0] * 40)], wind_gust_ms=[5.0]))

    assert result.hours_without_data == 14  # a run counts for six hours


def test_what_is_decided_on_measurements_meets_its_own_events():
    rain = [0.0] * 10 + [8.0] * 5 + [0.0] * 40

    result = backtest(make_rule(rain_sum_condition()), history(55, precipitation_mm=rain))

    assert (result.hits, result.false_alarms, len(result.missed)) == (1, 0, 0)
    assert result.median_lead < timedelta(hours=24)


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

    assert result.events == (Span(NOON + 5 * HOUR, NOON + 7 * HOUR),)
    assert (result.hits, result.false_alarms) == (1, 0)


def test_spells_that_no_alert_could_tell_apart_are_one_event():
    rain = [0.5] + [0.0] * 6 + [0.5] + [0.0] * 7 + [0.5]

    result = backtest(make_rule(wet_condition()), history(16, precipitation_mm=rain))

    assert [event.starts_at for event in result.events] == [NOON, NOON + 15 * HOUR]


def test_it_can_be_stopped():
    with pytest.raises(BacktestCancelledError):
        backtest(make_rule(), history(2_000), go_on=lambda done: done < 1_000)


def test_thresholds_move_by_steps_in_the_harder_direction():
    up, down = shift(make_rule(), 1), shift(make_rule(pressure_condition()), 1)

    assert [level.threshold for level in up.conditions[0].levels] == [20.0, 31.0]
    assert [level.threshold for level in down.conditions[0].levels] == [-7.0]
    assert shift(shift(make_rule(), 1), -1) == make_rule()


def test_shares_stay_shares():
    (level,) = shift(make_rule(wet_condition()), 9).conditions[0].levels

    assert (level.threshold, level.recovery_threshold) == (0.99, 0.99)


def test_every_hour_is_played_once():
    hours = [now for now, *_ in play(make_rule(gust_condition()), history(48))]

    assert hours == [NOON + step * HOUR for step in range(1, 49)]
