"""The life of an alert, decision by decision."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from tests.engine.cast import (
    HOUR,
    MINUTE,
    NOON,
    firing,
    frost_condition,
    gale_in,
    gust_condition,
    make_rule,
    measured,
    predicted,
    rain_sum_condition,
    wet_condition,
)
from weatherapp.alerting.engine.decide import decide
from weatherapp.alerting.engine.facts import Facts
from weatherapp.alerting.engine.rule import NoDataPolicy
from weatherapp.alerting.engine.snapshot import Gate, Reason, Snapshot, State
from weatherapp.domain.cap import Certainty, Severity, Urgency
from weatherapp.domain.conditions import Basis

CALM = gale_in(1, 3.0)
QUIET = Snapshot()


def step(rule, facts, snapshot=QUIET, now=NOON):
    return decide(rule, facts, snapshot, now)


def reasons(rule, *acts):
    """What is told while (facts, now) come in one after the other."""
    told, snapshot = [], QUIET
    for facts, now in acts:
        transition = decide(rule, facts, snapshot, now)
        if transition is not None:
            snapshot = transition.snapshot
            told.append(transition.change and transition.change.reason)
    return told


# --- Raising -------------------------------------------------------------------------------------


def test_calm_weather_leaves_nothing_behind():
    assert step(make_rule(), CALM) is None


def test_no_facts_raise_nothing_and_leave_nothing_behind():
    assert step(make_rule(), Facts()) is None


@pytest.mark.parametrize(
    ("gust", "severity"),
    [
        pytest.param(17.9, None, id="below the lowest level"),
        pytest.param(18.0, Severity.MODERATE, id="the threshold itself"),
        pytest.param(28.9, Severity.MODERATE, id="below the next level"),
        pytest.param(29.0, Severity.SEVERE, id="the next level at once"),
    ],
)
def test_the_worst_level_that_is_reached_is_raised(gust, severity):
    transition = step(make_rule(), gale_in(3, gust))

    assert (transition and transition.snapshot.alert.severity) == severity


def test_an_alert_says_when_how_soon_and_how_sure():
    transition = step(make_rule(), gale_in(5))

    assert transition.change.reason is Reason.RAISED
    assert transition.snapshot.alert.onset_at == NOON + 4 * HOUR
    assert transition.snapshot.alert.ends_at == NOON + 5 * HOUR
    assert transition.assessment.urgency is Urgency.FUTURE
    assert transition.assessment.certainty is Certainty.LIKELY


def test_of_what_was_measured_nobody_knows_the_end():
    transition = step(make_rule(rain_sum_condition()), measured(precipitation_mm=[2.0] * 24))

    assert transition.snapshot.alert.ends_at is None
    assert transition.snapshot.alert.confirmed_until_at == NOON + 3 * HOUR


def test_all_conditions_must_hold():
    rule = make_rule(frost_condition(hours=6), gust_condition(hours=6))
    cold, warm = [-2.0] * 24, [4.0] * 24
    storm, calm = [20.0] * 24, [3.0] * 24

    def raised(temperatures, gusts):
        facts = gale_in(1)
        series = replace(
            facts.forecast.series, columns={"temperature_c": temperatures, "wind_gust_ms": gusts}
        )
        return step(rule, Facts(forecast=replace(facts.forecast, series=series))) is not None

    assert raised(cold, storm)
    assert not raised(cold, calm)
    assert not raised(warm, storm)


def test_one_condition_that_does_not_hold_decides_whatever_is_missing():
    rule = make_rule(wet_condition(), gust_condition(levels={Severity.MINOR: (18.0, 15.0)}))
    alert = firing(Severity.MINOR)

    assert step(rule, CALM, alert).change.reason is Reason.CLEARED
    assert step(rule, gale_in(2), alert).change.reason is Reason.DATA_LOST


# --- Gates ---------------------------------------------------------------------------------------


def test_so_many_evaluations_on_new_facts_in_a_row():
    rule = make_rule(pending_evaluations=3)

    told = reasons(
        rule,
        (gale_in(3, now=NOON), NOON),
        (gale_in(3, now=NOON), NOON + MINUTE),  # the same facts count once
        (gale_in(3, now=NOON + HOUR), NOON + HOUR),
        (gale_in(3, now=NOON + 2 * HOUR), NOON + 2 * HOUR),
    )

    assert told == [None, None, Reason.RAISED]


def test_an_hour_without_it_begins_the_count_anew():
    rule = make_rule(pending_evaluations=2)

    told = reasons(
        rule,
        (gale_in(3), NOON),
        (gale_in(1, 3.0, now=NOON + HOUR), NOON + HOUR),
        (gale_in(3, now=NOON + 2 * HOUR), NOON + 2 * HOUR),
    )

    assert told == [None, None, None]


def test_pending_minutes_pass_also_on_the_same_facts():
    rule = make_rule(pending_minutes=30)
    pending = step(rule, gale_in(3)).snapshot

    assert pending.state is State.PENDING
    assert step(rule, gale_in(3), pending, NOON + 29 * MINUTE) is None
    raised = step(rule, gale_in(3), pending, NOON + 30 * MINUTE)
    assert raised.change.reason is Reason.RAISED
    assert raised.held_back.since_at == NOON
    assert raised.held_back.gates == {Gate.PENDING}


@pytest.mark.parametrize(
    ("knobs", "is_raised"),
    [
        pytest.param({"months": frozenset({1, 2})}, True, id="in season"),
        pytest.param({"months": frozenset({7})}, False, id="out of season"),
        pytest.param({"from_hour": 7, "to_hour": 9}, True, id="08:00 in New York"),
        pytest.param({"from_hour": 12, "to_hour": 18}, False, id="not noon in Greenwich"),
        pytest.param({"from_hour": 22, "to_hour": 8}, True, id="past midnight"),
        pytest.param({"from_hour": 22, "to_hour": 7}, False, id="up to, not including"),
    ],
)
def test_months_and_hours_are_those_of_the_place(knobs, is_raised):
    facts = replace(gale_in(3), zone=ZoneInfo("America/New_York"))  # 07:00 at noon

    transition = step(make_rule(**knobs), facts)

    assert (transition.change is not None) is is_raised
    if not is_raised:
        assert transition.snapshot.gates == {Gate.OUT_OF_SEASON}


def test_the_next_alert_waits_until_it_is_armed_again():
    rule = make_rule(rearm_minutes=120)

    told = reasons(
        rule,
        (gale_in(3), NOON),
        (gale_in(1, 3.0, now=NOON + HOUR), NOON + HOUR),
        (gale_in(3, now=NOON + 2 * HOUR), NOON + 2 * HOUR),
        (gale_in(3, now=NOON + 3 * HOUR), NOON + 3 * HOUR),
    )

    assert told == [Reason.RAISED, Reason.CLEARED, None, Reason.RAISED]


# --- Going on ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "gust", "reason", "after"),
    [
        pytest.param("MODERATE", 29.0, Reason.ESCALATED, "SEVERE", id="worse"),
        pytest.param("MODERATE", 28.0, None, "MODERATE", id="stronger, not worse"),
        pytest.param("SEVERE", 26.0, None, "SEVERE", id="inside the recovery band"),
        pytest.param("SEVERE", 25.9, Reason.REDUCED, "MODERATE", id="below it"),
        pytest.param("MODERATE", 15.0, None, "MODERATE", id="the recovery threshold itself"),
    ],
)
def test_severity_follows_the_facts_with_hysteresis(before, gust, reason, after):
    transition = step(make_rule(), gale_in(3, gust), firing(Severity[before]))

    assert (transition.change and transition.change.reason) == reason
    assert transition.snapshot.alert.severity is Severity[after]


def test_below_all_recovery_thresholds_it_is_over():
    transition = step(make_rule(), gale_in(3, 14.9), firing())

    assert transition.change.new_state is State.ENDED
    assert transition.snapshot == Snapshot()


def test_the_same_facts_twice_change_nothing():
    rule, facts = make_rule(), gale_in(3)
    raised = step(rule, facts).snapshot

    assert step(rule, facts, raised, NOON + 5 * MINUTE) is None


def test_an_older_run_that_arrives_late_changes_nothing():
    rule = make_rule()
    raised = step(rule, gale_in(3)).snapshot

    assert step(rule, gale_in(3, 40.0, now=NOON - HOUR), raised) is None
    assert step(rule, gale_in(1, 3.0, now=NOON - HOUR), raised) is None


def test_a_window_that_moves_on_is_no_news_until_what_was_said_is_nearly_over():
    rule = make_rule()
    storm = {"gust": 20.0, "calm": 20.0}

    told = reasons(
        rule, *((gale_in(1, now=NOON + n * HOUR, **storm), NOON + n * HOUR) for n in range(6))
    )

    assert told == [Reason.RAISED, None, None, None, None, Reason.EXTENDED]


def test_an_onset_that_is_still_to_come_moves_and_one_that_is_past_stays():
    rule = make_rule()
    raised = step(rule, gale_in(5)).snapshot

    later = step(rule, gale_in(5, now=NOON + HOUR), raised, NOON + HOUR).snapshot
    begun = step(rule, gale_in(1, calm=20.0, now=NOON + 6 * HOUR), later, NOON + 6 * HOUR).snapshot

    assert later.alert.onset_at == NOON + 5 * HOUR
    assert begun.alert.onset_at == NOON + 5 * HOUR


def test_keep_firing_waits_before_it_says_that_it_is_over():
    rule = make_rule(keep_firing_minutes=90)
    calm_at = [(gale_in(1, 3.0, now=NOON + n * HOUR), NOON + n * HOUR) for n in (1, 2, 3)]

    assert reasons(rule, (gale_in(3), NOON), *calm_at) == [
        Reason.RAISED,
        Reason.EASING,
        None,
        Reason.CLEARED,
    ]
    assert reasons(
        rule, (gale_in(3), NOON), calm_at[0], (gale_in(3, now=NOON + 2 * HOUR), NOON + 2 * HOUR)
    ) == [Reason.RAISED, Reason.EASING, Reason.BACK]


# --- Without data --------------------------------------------------------------------------------


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
