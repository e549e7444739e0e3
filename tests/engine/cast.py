"""Rules and facts for tests of the engine: short ways to say what matters in a test."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from weatherapp.alerting.engine.facts import Facts, Forecast, Measured, Prediction
from weatherapp.alerting.engine.rule import Rule
from weatherapp.alerting.engine.snapshot import OpenAlert, Snapshot, State
from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import Aggregation, Basis, Comparison, Condition, Level, of_code
from weatherapp.domain.series import Series

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def gust_condition(*, basis=Basis.FORECAST, hours=6, levels=None):
    """Gusts of 18 m/s are moderate, of 29 severe; each is left 3 m/s lower."""
    levels = levels or {Severity.MODERATE: (18.0, 15.0), Severity.SEVERE: (29.0, 26.0)}
    return Condition(
        "wind_gust_ms",
        basis,
        hours,
        Aggregation.MAXIMUM,
        Comparison.AT_LEAST,
        tuple(Level(severity, *pair) for severity, pair in levels.items()),
    )


def frost_condition(*, basis=Basis.FORECAST, hours=12):
    return Condition(
        "temperature_c",
        basis,
        hours,
        Aggregation.MINIMUM,
        Comparison.AT_MOST,
        (Level(Severity.MODERATE, 0.0, 1.0),),
    )


def thunder_condition(*, hours=6):
    return Condition(
        "weather_code",
        Basis.FORECAST,
        hours,
        Aggregation.ANY_CODE,
        Comparison.AT_LEAST,
        (
            of_code(Severity.MODERATE, frozenset({95, 96, 99})),
            of_code(Severity.SEVERE, frozenset({96, 99})),
        ),
    )


def rain_sum_condition(*, hours=24, basis=Basis.MEASURED):
    return Condition(
        "precipitation_mm",
        basis,
        hours,
        Aggregation.SUM,
        Comparison.AT_LEAST,
        (Level(Severity.MODERATE, 30.0, 25.0), Level(Severity.SEVERE, 50.0, 45.0)),
    )


def pressure_condition():
    return Condition(
        "pressure_msl_hpa",
        Basis.MEASURED,
        3,
        Aggregation.CHANGE,
        Comparison.AT_MOST,
        (Level(Severity.MODERATE, -6.0, -3.5),),
    )


def wet_condition(*, hours=6):
    return Condition(
        "precipitation_probability",
        Basis.PROBABILITY,
        hours,
        Aggregation.ANY_WET,
        Comparison.AT_LEAST,
        (Level(Severity.MINOR, 0.6, 0.45),),
    )


def make_rule(*conditions, **knobs):
    return Rule(conditions=conditions or (gust_condition(),), **knobs)


def gale_in(hours, gust=20.0, *, now=NOON, calm=5.0):
    """A run with one gust that many hours ahead."""
    return forecast(
        now=now, wind_gust_ms=[gust if lead == hours else calm for lead in range(1, 49)]
    )


def forecast(*, now=NOON, run_at=None, **columns):
    """Facts with one run whose columns begin an hour after `now`."""
    series = Series(now + HOUR, columns)
    return Facts(forecast=Forecast(series, run_at or now, source="open_meteo"))


def measured(*, newest_at=NOON, **columns):
    """Facts with columns that end at `newest_at`, oldest first."""
    length = max(len(column) for column in columns.values())
    series = Series(newest_at - (length - 1) * HOUR, columns)
    return Facts(measured=Measured(series, newest_at, source="replay"))


def predicted(hourly, *, window_end_at=NOON, any_6h=None, any_24h=None):
    values = [*hourly, *[0.02] * (24 - len(hourly))]
    near = max(max(values[:6]), any_6h or 0.0)
    return Facts(
        prediction=Prediction(window_end_at, values, near, max(near, *values, any_24h or 0))
    )


def firing(severity=Severity.MODERATE, *, ends_at=NOON + 6 * HOUR, confirmed_at=NOON, marks=None):
    """A snapshot of an open alert that began at noon."""
    alert = OpenAlert(severity, NOON, ends_at, ends_at, confirmed_at, ends_at or NOON + 3 * HOUR)
    return Snapshot(State.FIRING, since_at=NOON, alert=alert, marks=marks or {})
