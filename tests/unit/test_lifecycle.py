from datetime import UTC, datetime, timedelta

import pytest

from weatherapp.alerting.lifecycle import Life, Step, next_step
from weatherapp.alerting.rules import Verdict
from weatherapp.models.alert import AlertState, ChangeReason

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
SIX_HOURS = timedelta(hours=6)


def step(life, verdict, probability, now=NOON):
    return next_step(life, verdict, probability, now=now, expires_after=SIX_HOURS)


def life(state="ACTIVE", told=0.7, confirmed_at=NOON):
    return Life(state=state, confirmed_at=confirmed_at, told_probability=told)


@pytest.mark.parametrize(
    ("verdict", "probability"),
    [(Verdict.HOLD, 0.55), (Verdict.CLEAR, 0.1), (Verdict.NO_DATA, None)],
)
def test_only_the_threshold_raises(verdict, probability):
    assert step(None, verdict, probability) is None


def test_reaching_the_threshold_raises():
    assert step(None, Verdict.RAISE, 0.6) == Step("ACTIVE", "REACHED")


@pytest.mark.parametrize(
    ("verdict", "probability", "expected"),
    [
        pytest.param(Verdict.RAISE, 0.75, None, id="a small rise is no news"),
        pytest.param(Verdict.RAISE, 0.85, Step("ACTIVE", "ROSE"), id="a notable rise"),
        pytest.param(Verdict.HOLD, 0.55, Step("ACTIVE", "FELL"), id="a fall inside the margin"),
        pytest.param(Verdict.HOLD, 0.65, None, id="a small fall does not flap"),
        pytest.param(Verdict.CLEAR, 0.3, Step("ENDED", "CLEARED"), id="below the margin ends"),
        pytest.param(Verdict.NO_DATA, None, Step("NO_DATA", "DATA_LOST"), id="silence is said"),
    ],
)
def test_an_active_alert(verdict, probability, expected):
    assert step(life(), verdict, probability) == expected


@pytest.mark.parametrize(
    ("verdict", "probability", "expected"),
    [
        pytest.param(Verdict.NO_DATA, None, None, id="silence goes on"),
        pytest.param(Verdict.RAISE, 0.7, Step("ACTIVE", "DATA_BACK"), id="confirmed again"),
        pytest.param(Verdict.HOLD, 0.55, Step("ACTIVE", "DATA_BACK"), id="back inside the margin"),
        pytest.param(Verdict.CLEAR, 0.1, Step("ENDED", "CLEARED"), id="over, as we now know"),
    ],
)
def test_an_alert_without_data(verdict, probability, expected):
    assert step(life("NO_DATA"), verdict, probability) == expected


@pytest.mark.parametrize("state", ["ACTIVE", "NO_DATA"])
def test_an_alert_that_nothing_confirmed_for_too_long_expires(state):
    late = NOON + SIX_HOURS

    assert step(life(state), Verdict.NO_DATA, None, now=late) == Step("EXPIRED", "TIMED_OUT")


def test_every_step_names_a_state_and_a_reason_that_the_tables_know():
    probes = [
        step(a_life, verdict, probability, now=now)
        for a_life in (None, life(), life("NO_DATA"), life(told=0.1), life(told=0.99))
        for verdict, probability in (
            (Verdict.RAISE, 0.8),
            (Verdict.HOLD, 0.55),
            (Verdict.CLEAR, 0.1),
            (Verdict.NO_DATA, None),
        )
        for now in (NOON, NOON + SIX_HOURS)
    ]

    steps = [probe for probe in probes if probe]

    assert {found.new_state for found in steps} == set(AlertState.values)
    assert {found.reason for found in steps} == set(ChangeReason.values) - {"RULE_OFF"}
