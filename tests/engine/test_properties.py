"""What no sequence of facts may do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.cast import HOUR, MINUTE, NOON, forecast, gust_condition, make_rule
from weatherapp.alerting.engine.decide import decide
from weatherapp.alerting.engine.facts import Facts
from weatherapp.alerting.engine.rule import NoDataPolicy
from weatherapp.alerting.engine.snapshot import CLOSED_STATES, Reason, Snapshot, State

pytestmark = pytest.mark.slow

# Around the levels of `gust_condition`: 15 and 18, 26 and 29.
GUSTS = st.sampled_from([0.0, 14.9, 15.0, 17.0, 18.0, 22.0, 25.9, 26.0, 28.0, 29.0, 35.0])
# One storm in six hours: the highest of many gusts is nearly always above all levels.
RUNS = st.builds(
    lambda gust, lead: [0.0] * lead + [gust] + [0.0] * (5 - lead), GUSTS, st.integers(0, 5)
) | st.lists(GUSTS, min_size=6, max_size=6)
LEFT_BELOW = {Reason.CLEARED: 15.0, Reason.EASING: 15.0, Reason.REDUCED: 26.0}
ACTS = st.lists(st.none() | RUNS, min_size=1, max_size=30)
RULES = st.builds(
    make_rule,
    st.just(gust_condition()),
    pending_evaluations=st.integers(1, 3),
    pending_minutes=st.sampled_from([0, 60, 90]),
    keep_firing_minutes=st.sampled_from([0, 60, 120]),
    rearm_minutes=st.sampled_from([0, 60, 240]),
    no_data_policy=st.sampled_from(NoDataPolicy),
)


def play(rule, acts):
    """(now, facts, before, transition) for each act, an hour apart; None: no run came."""
    snapshot, played = Snapshot(), []
    for hour, gusts in enumerate(acts):
        now = NOON + hour * HOUR
        facts = Facts() if gusts is None else forecast(now=now, wind_gust_ms=gusts)
        transition = decide(rule, facts, snapshot, now)
        played.append((now, facts, snapshot, transition))
        if transition is not None:
            snapshot = transition.snapshot
    return played


@settings(max_examples=300, deadline=None)
@given(rule=RULES, acts=ACTS)
def test_alerts_take_turns_and_end_only_after_they_rose(rule, acts):
    is_open = False
    for _, _, before, transition in play(rule, acts):
        assert (before.alert is not None) is is_open
        change = transition and transition.change
        if change is None:
            continue
        assert (change.reason is Reason.RAISED) is not is_open
        is_open = change.new_state not in CLOSED_STATES
        assert (transition.snapshot.alert is not None) is is_open


@settings(max_examples=300, deadline=None)
@given(rule=RULES, acts=ACTS)
def test_severity_moves_as_the_reason_says(rule, acts):
    for _, _, before, transition in play(rule, acts):
        after = transition and transition.snapshot.alert
        if before.alert is None or after is None:
            continue
        step = after.severity.rank - before.alert.severity.rank
        reason = transition.change and transition.change.reason
        assert (step > 0) is (reason is Reason.ESCALATED)
        assert (step < 0) is (reason is Reason.REDUCED)


@settings(max_examples=300, deadline=None)
@given(rule=RULES, acts=ACTS)
def test_nothing_ends_or_is_reduced_inside_the_recovery_band(rule, acts):
    for _, facts, _, transition in play(rule, acts):
        change = transition and transition.change
        if change is not None and change.reason in LEFT_BELOW:
            highest = max(facts.forecast.series.columns["wind_gust_ms"])
            assert highest < LEFT_BELOW[change.reason]


@settings(max_examples=300, deadline=None)
@given(rule=RULES, acts=ACTS)
def test_no_alert_outlives_the_span_that_it_spoke_of(rule, acts):
    for now, facts, before, transition in play(rule, acts):
        after = before if transition is None else transition.snapshot
        if after.alert is not None and facts.forecast is None:
            assert now < after.alert.confirmed_until_at
        if after.alert is not None and after.state is State.FIRING and facts.forecast is not None:
            assert after.alert.ends_at > now


@settings(max_examples=300, deadline=None)
@given(rule=RULES, acts=ACTS)
def test_every_change_has_what_it_was_decided_on(rule, acts):
    for _, facts, _, transition in play(rule, acts):
        if transition is None or transition.change is None:
            continue
        (reading,) = transition.assessment.readings
        assert (reading is None) is (facts.forecast is None)
        assert (transition.held_back is not None) is (transition.change.reason is Reason.RAISED)


@settings(max_examples=300, deadline=None)
@given(rule=RULES, acts=ACTS)
def test_the_same_facts_a_moment_later_change_nothing(rule, acts):
    rule = replace(rule, pending_minutes=0)
    for now, facts, before, transition in play(rule, acts):
        after = before if transition is None else transition.snapshot
        again = decide(rule, facts, after, now + MINUTE)
        assert again is None or again.change is None
