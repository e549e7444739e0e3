"""Hits, misses, false alarms and leads of a history that was counted by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.engine.cast import HOUR, NOON, frost_condition, gust_condition, make_rule
from weatherapp.alerting.engine.backtest import backtest
from weatherapp.alerting.engine.facts import Forecast
from weatherapp.alerting.engine.history import History
from weatherapp.alerting.engine.verification import LATE, ToldAlert, verify
from weatherapp.alerting.tried import read_result, write_result
from weatherapp.domain.conditions import Basis
from weatherapp.domain.series import Series
from weatherapp.domain.spans import Span

# Gusts that came, by hours after noon: storms of 20 m/s at 10, at 30 and 31, at 50, at 70.
CAME = {10: 20.0, 30: 20.0, 31: 22.0, 50: 20.0, 70: 20.0}
HOURS = 80
CALM = 5.0


def gusts(at, last=HOURS):
    """Of hours 1 to `last` after noon."""
    return [at.get(hour, CALM) for hour in range(1, last + 1)]


def history(told, came=None, **more):
    """A run an hour; `told` is what run number h sees in hour h + lead."""
    came = gusts(CAME) if came is None else came
    forecasts = [
        (
            NOON + hour * HOUR,
            Forecast(
                Series(
                    NOON + (hour + 1) * HOUR,
                    {"wind_gust_ms": [told(hour, hour + lead) for lead in range(1, 13)]},
                ),
                NOON + hour * HOUR,
            ),
        )
        for hour in range(1, HOURS)
    ]
    columns = {"wind_gust_ms": came} | more
    return History(Series(NOON + HOUR, columns), NOON, NOON + HOURS * HOUR, forecasts=forecasts)


def knows_all(run, hour):
    return CAME.get(hour, CALM)


def knows_two_hours_before(run, hour):
    return CAME.get(hour, CALM) if hour - run <= 2 else CALM


def knows_nothing(run, hour):
    return CALM


def sees_ghosts(run, hour):
    """Storms at 20 and 60, and none of those that come."""
    return 20.0 if hour in (20, 60) else CALM


def sees_a_ghost_as_the_first_storm_ends(run, hour):
    """The alert for hour 11 is raised in the minute in which the storm of hour 10 is over."""
    return 20.0 if (run, hour) == (10, 11) else CALM


def knows_first_two_and_a_ghost(run, hour):
    return 20.0 if hour in (10, 30, 31, 60) else CALM


# A storm of hour h lasts from h - 1 to h. A rule that looks six hours ahead sees it at h - 6: five
# hours before it begins. With two hours' notice, at h - 2: one hour before.
@pytest.mark.parametrize(
    ("told", "alerts", "false_alarms", "hits", "misses", "median_lead_hours"),
    [
        pytest.param(knows_all, 4, 0, 4, 0, 5.0, id="all known"),
        pytest.param(knows_two_hours_before, 4, 0, 4, 0, 1.0, id="known late"),
        pytest.param(knows_nothing, 0, 0, 0, 4, None, id="no alert"),
        pytest.param(sees_ghosts, 2, 2, 0, 4, None, id="none of it came"),
        pytest.param(sees_a_ghost_as_the_first_storm_ends, 1, 1, 0, 4, None, id="over when raised"),
        pytest.param(knows_first_two_and_a_ghost, 3, 1, 2, 2, 5.0, id="some of each"),
    ],
)
def test_the_scores_are_those_counted_by_hand(
    told, alerts, false_alarms, hits, misses, median_lead_hours
):
    score = score_of(make_rule(gust_condition(hours=6)), history(told))

    assert (score.alerts, score.false_alarms) == (alerts, false_alarms)
    assert (score.events, score.hits, score.misses) == (4, hits, misses)
    assert score.median_lead_hours == median_lead_hours


def score_of(rule, past):
    """As it is stored and read again."""
    return read_result(write_result([0], backtest([rule], past))).scores[0]


def test_the_median_is_between_two_leads():
    """The first storm is known six hours ahead, the second three, the others not at all."""
    notice = {10: 6, 30: 3, 31: 3}

    def told(run, hour):
        return CAME[hour] if hour in notice and hour - run <= notice[hour] else CALM

    score = score_of(make_rule(gust_condition(hours=6)), history(told))

    assert sorted(score.leads.elements()) == [120, 300]
    assert score.median_lead_hours == 3.5


def test_without_events_and_alerts_there_is_nothing_to_divide_by():
    score = score_of(make_rule(), history(knows_nothing, came=[CALM] * HOURS))

    assert (score.alerts, score.events, score.hits, score.misses) == (0, 0, 0, 0)
    assert (score.hit_share, score.firing_share, score.median_lead_hours) == (0.0, 0.0, None)


def test_a_place_without_history_has_no_hours():
    nothing = History(Series(NOON + HOUR, {}), NOON, NOON)

    score = score_of(make_rule(), nothing)

    assert (score.hours, score.alerts, score.events, score.firing_share) == (0, 0, 0, 0.0)


def test_hours_that_are_missing_are_no_events_and_break_none():
    """Hour 31 of the second storm and the whole third one are not known."""
    came = [None if hour in (31, 50) else value for hour, value in enumerate(gusts(CAME), start=1)]

    score = score_of(make_rule(gust_condition(hours=6)), history(knows_all, came=came))

    assert (score.events, score.hits, score.misses) == (3, 3, 0)
    assert score.false_alarms == 1  # nobody can say that the third one came


def test_conditions_of_both_bases_are_one_event_where_both_happened():
    """Frost is measured in the hours up to 12 and from 45 on: the first and third storm have it."""
    cold = [-2.0 if hour <= 12 or 45 <= hour <= 55 else 6.0 for hour in range(1, HOURS + 1)]
    rule = make_rule(gust_condition(hours=6), frost_condition(basis=Basis.MEASURED, hours=1))

    score = score_of(rule, history(knows_all, temperature_c=cold))

    assert (score.events, score.hits, score.false_alarms) == (2, 2, 0)
    # Seen at 4 and, as the frost begins, at 45: five and four hours before.
    assert score.leads == {300: 1, 240: 1}


def test_half_hours_of_a_zone_change_no_event():
    past = history(knows_all)
    rule = make_rule(gust_condition(hours=6), frost_condition(basis=Basis.MEASURED, hours=1))
    shifted = History(
        Series(NOON + HOUR, past.record.columns | {"temperature_c": [-2.0] * HOURS}),
        NOON + timedelta(minutes=30),
        NOON + HOURS * HOUR,
        forecasts=past.forecasts,
    )

    (result,) = backtest([rule], shifted)

    assert len(result.events) == 4
    assert result.hits == 4


@pytest.mark.parametrize(
    "told",
    [
        knows_all,
        knows_two_hours_before,
        knows_nothing,
        sees_ghosts,
        sees_a_ghost_as_the_first_storm_ends,
        knows_first_two_and_a_ghost,
    ],
)
def test_what_was_raised_is_judged_as_the_same_was_when_tried(told):
    rule, past = make_rule(gust_condition(hours=6)), history(told)
    (tried,) = backtest([rule], past)

    alerts = [
        ToldAlert(Span(alert.raised_at, max(alert.spoke_until_at, alert.ends_at)))
        for alert in tried.alerts
    ]
    whole = Span(past.after_at, past.until_at + LATE)
    live = verify(rule, alerts, past.record, span=whole)

    assert live.hits == sum(alert.is_hit for alert in tried.alerts)
    assert (live.false_alarms, live.unknown) == (tried.false_alarms, 0)
    assert live.events == len(tried.events)
    assert live.late + len(live.leads) == tried.hits
    assert list(live.leads) == [event.lead for event in tried.events if event.lead]


def test_an_alert_about_what_was_measured_is_there_for_the_hour_that_just_ended():
    measured = make_rule(gust_condition(basis=Basis.MEASURED, hours=1))

    (result,) = backtest([measured], history(knows_nothing))

    assert (result.hits, result.misses, result.false_alarms) == (4, 0, 0)
