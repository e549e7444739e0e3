"""A rule is tried on what is stored: what comes out, and what cannot be tried."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.alerting.tries import GUSTS, ask_for, make_windy_place, results, run
from tests.factories import (
    NOON,
    make_place,
    make_rule,
)
from weatherapp.alerting import trying
from weatherapp.alerting.trying import CannotTryError
from weatherapp.models import (
    Alert,
    AlertChange,
    Backtest,
    BacktestState,
    Delivery,
    RuleState,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_a_try_says_how_the_rule_and_its_neighbours_would_have_done():
    row = ask_for(make_windy_place())

    run(row)

    assert (row.state, row.hours_done, row.hours_total) == (BacktestState.DONE, 48, 48)
    (result,) = results(row)
    assert sorted(result.scores) == [-1, 0, 1]
    score = result.scores[0]
    assert (score.alerts, score.events, score.hits, score.false_alarms) == (1, 1, 1, 0)
    assert (score.firing_hours, score.median_lead_hours) == (2, 0)
    (alert,) = result.alerts
    assert (alert.raised_at, alert.severity) == (NOON - 2 * HOUR, "Moderate")
    (event,) = result.events
    assert (event.span.ends_at, event.lead) == (NOON, timedelta(0))


def test_a_try_tells_nobody_and_leaves_no_trace_in_what_is_live():
    place = make_windy_place()
    make_rule(says=GUSTS)

    run(ask_for(place))

    for model in (Alert, AlertChange, RuleState, Delivery):
        assert not model.objects.exists()


def test_a_rule_may_be_tried_that_is_not_stored_and_one_that_is_deleted_later():
    place = make_windy_place()
    rule = make_rule(says=GUSTS)
    unsaved, saved = ask_for(place), ask_for(place, rule=rule)

    rule.delete()
    for row in (unsaved, saved):
        run(row)

    assert [row.state for row in (unsaved, saved)] == ["DONE", "DONE"]
    assert (saved.rule, saved.name) == (None, "Storm gusts")


def test_a_replays_try_is_of_its_whole_year_without_a_stored_reading():
    place = make_place(name="JFK", source="replay", station="JFK")

    row = ask_for(place)

    assert row.hours_total == 8730


def test_the_span_that_was_asked_for_is_played_and_no_more():
    place = make_windy_place()

    row = ask_for(place, after_at=NOON - 10 * HOUR, until_at=NOON - 4 * HOUR)
    run(row)

    assert row.hours_total == 6
    (result,) = results(row)
    assert (result.scores[0].hours, result.scores[0].events) == (6, 0)


# --- What cannot be tried ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "limits", "more"),
    [
        pytest.param("TOO_MANY_PLACES", {"MOST_PLACES": 0}, {}, id="places"),
        pytest.param("TOO_MANY_HOURS", {"MOST_HOURS": 47}, {}, id="hours"),
        pytest.param("TOO_MANY_UNFINISHED", {"MOST_UNFINISHED": 0}, {}, id="at once"),
        pytest.param("NOTHING_STORED", {}, {"after_at": NOON}, id="later than all readings"),
        pytest.param("NOTHING_STORED", {}, {"until_at": NOON - 48 * HOUR}, id="before them"),
    ],
)
def test_what_is_too_much_or_nothing_is_refused_and_nothing_is_stored(
    monkeypatch, code, limits, more
):
    for name, limit in limits.items():
        monkeypatch.setattr(trying, name, limit)

    with pytest.raises(CannotTryError) as refused:
        ask_for(make_windy_place(), **more)

    assert (refused.value.code, refused.value.limit) == (code, sum(limits.values()))
    assert not Backtest.objects.exists()


def test_places_of_which_nothing_is_stored_are_left_out():
    row = ask_for(make_windy_place(), make_place(name="New"))

    assert [stretch.place.name for stretch in row.stretches.all()] == ["Dublin"]
