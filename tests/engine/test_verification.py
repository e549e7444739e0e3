"""Alerts judged by what came, each once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.engine.cast import HOUR, NOON, gust_condition, make_rule, rain_sum_condition
from weatherapp.alerting.engine.rule import Rule
from weatherapp.alerting.engine.verification import (
    LATE,
    ToldAlert,
    find_look_back,
    is_verifiable,
    verify,
)
from weatherapp.domain.conditions import Basis
from weatherapp.domain.series import Series
from weatherapp.domain.spans import Span

RULE = make_rule(gust_condition())
WHOLE = Span(NOON, NOON + 100 * HOUR)


def at(hours):
    return NOON + hours * HOUR


def told(first, last, **more):
    return ToldAlert(Span(at(first), at(last)), **more)


def record(*stormy, hours=100, unknown=()):
    """Gusts of hours 1 to `hours` after noon: 20 m/s in the stormy ones."""
    values = [
        None if hour in unknown else 20.0 if hour in stormy else 5.0 for hour in range(1, hours + 1)
    ]
    return Series(at(1), {"wind_gust_ms": values})


def test_an_alert_that_saw_what_it_spoke_of_is_a_hit_with_its_lead():
    found = verify(RULE, [told(10, 20)], record(15, 16), span=WHOLE)

    assert (found.hits, found.false_alarms, found.unknown) == (1, 0, 0)
    # The hour that ends at 15 begins at 14.
    assert (found.events, found.leads) == (1, (4 * HOUR,))


def test_an_alert_without_it_is_a_false_alarm_and_a_storm_without_one_is_missed():
    found = verify(RULE, [told(10, 20)], record(40), span=WHOLE)

    assert (found.hits, found.false_alarms, found.events, found.leads) == (0, 1, 1, ())


def test_an_alert_that_came_late_is_a_hit_without_lead():
    found = verify(RULE, [told(15, 20)], record(12, 13, 14, 15, 16), span=WHOLE)

    assert (found.hits, found.events, found.late, found.leads) == (1, 1, 1, ())


def test_what_was_over_when_the_alert_was_raised_makes_it_no_hit():
    raised = ToldAlert(Span(at(15) + timedelta(minutes=5), at(20)))

    found = verify(RULE, [raised], record(14, 15), span=WHOLE)

    assert (found.hits, found.false_alarms, found.events, found.late) == (0, 1, 1, 0)


@pytest.mark.parametrize(("missing", "verdict"), [(1, (1, 0)), (3, (0, 1))])
def test_where_too_little_was_measured_nobody_can_say_that_nothing_came(missing, verdict):
    unknown = range(12, 12 + missing)

    found = verify(RULE, [told(10, 20)], record(unknown=unknown), span=WHOLE)

    assert (found.false_alarms, found.unknown) == verdict


def test_a_hit_is_a_hit_however_little_was_measured():
    found = verify(RULE, [told(10, 20)], record(15, unknown=(11, 12, 13, 14)), span=WHOLE)

    assert (found.hits, found.unknown) == (1, 0)


def test_each_alert_and_event_is_counted_in_one_of_the_spans_one_after_the_other():
    alerts = [told(10, 20), told(38, 50), told(70, 75)]
    came = record(15, 40, 90)
    whole = verify(RULE, alerts, came, span=Span(at(0), at(100) + LATE))

    parts = [
        verify(RULE, alerts, came, span=Span(at(first), at(first + 4)))
        for first in range(0, 124, 4)
    ]

    assert (whole.hits, whole.false_alarms, whole.events, len(whole.leads)) == (2, 1, 3, 2)
    for name in ("hits", "false_alarms", "unknown", "events"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)
    assert [lead for part in parts for lead in part.leads] == list(whole.leads)


def test_an_alert_that_goes_on_is_not_judged_yet_but_was_there():
    found = verify(RULE, [told(10, 101)], record(15), span=WHOLE)

    assert (found.hits, found.events, len(found.leads)) == (0, 1, 1)


def test_an_event_waits_a_day_for_an_alert():
    late = replace(WHOLE, ends_at=at(37))

    assert verify(RULE, [], record(15), span=late).is_empty
    assert verify(RULE, [], record(15), span=replace(late, ends_at=at(38))).events == 1


def test_an_alert_of_an_earlier_version_is_not_judged_but_nothing_was_missed():
    found = verify(RULE, [told(10, 20, is_judged=False)], record(15), span=WHOLE)

    assert (found.hits, found.false_alarms, found.events, len(found.leads)) == (0, 0, 1, 1)


def test_only_what_is_said_beforehand_can_be_verified():
    measured = gust_condition(basis=Basis.MEASURED)

    assert is_verifiable(RULE)
    assert not is_verifiable(make_rule(measured))
    assert is_verifiable(Rule((measured, gust_condition())))


def test_the_record_reaches_as_far_back_as_the_longest_condition_looks():
    assert find_look_back(make_rule(rain_sum_condition(hours=24))) >= 48 * HOUR
