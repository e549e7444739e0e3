"""What becomes of alerts and rules whose facts are missing."""

from __future__ import annotations

import pytest

from tests.engine.cast import (
    HOUR,
    MINUTE,
    NOON,
    firing,
    gale_in,
    make_rule,
    predicted,
    step,
    wet_condition,
)
from weatherapp.alerting.engine.facts import Facts
from weatherapp.alerting.engine.rule import NoDataPolicy
from weatherapp.alerting.engine.snapshot import Reason, State
from weatherapp.domain.conditions import Basis

CALM = gale_in(1, 3.0)


def test_missing_facts_are_said_once_and_come_back():
    rule = make_rule()
    lost = step(rule, Facts(), firing(), NOON + HOUR)

    assert (lost.change.new_state, lost.change.reason) == (State.NO_DATA, Reason.DATA_LOST)
    assert step(rule, Facts(), lost.snapshot, NOON + 2 * HOUR) is None
    back = step(rule, gale_in(3, now=NOON + 3 * HOUR), lost.snapshot, NOON + 3 * HOUR)
    assert back.change.reason is Reason.DATA_BACK


@pytest.mark.parametrize(
    ("ends_at", "expires_at"),
    [
        pytest.param(NOON + 2 * HOUR, NOON + 2 * HOUR, id="what it spoke of is over"),
        pytest.param(NOON + 40 * HOUR, NOON + 6 * HOUR, id="nothing confirmed it for six hours"),
    ],
)
def test_nothing_stays_confirmed_for_ever(ends_at, expires_at):
    rule, alert = make_rule(), firing(ends_at=ends_at)
    lost = step(rule, Facts(), alert, NOON + HOUR).snapshot

    assert step(rule, Facts(), lost, expires_at - MINUTE) is None
    expired = step(rule, Facts(), lost, expires_at)
    assert (expired.change.new_state, expired.change.reason) == (
        State.EXPIRED,
        Reason.NOT_CONFIRMED,
    )


def test_the_policy_says_what_missing_facts_mean():
    keep, end = (
        make_rule(no_data_policy=policy) for policy in (NoDataPolicy.KEEP, NoDataPolicy.END)
    )

    assert step(keep, Facts(), firing(), NOON + HOUR) is None
    assert step(keep, Facts(), firing(), NOON + 6 * HOUR).change.new_state is State.EXPIRED
    assert step(end, Facts(), firing(), NOON + HOUR).change.reason is Reason.NO_DATA


def test_a_gale_rises_and_ends_while_the_predictor_is_down():
    wind, rain = make_rule(), make_rule(wet_condition())

    assert step(wind, gale_in(3)).change.reason is Reason.RAISED
    assert step(rain, gale_in(3)) is None
    wet = step(rain, predicted([0.9] * 6)).snapshot
    assert step(rain, gale_in(3), wet, NOON + HOUR).change.reason is Reason.DATA_LOST


def test_marks_are_those_of_the_bases_that_the_rule_looks_at():
    assert set(step(make_rule(), gale_in(3)).snapshot.marks) == {Basis.FORECAST}
