"""A try on what is stored takes turns, is cancelled, taken up again, and ends whatever happens."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.alerting.tries import Clock, ask_for, make_windy_place, results, run
from tests.factories import (
    NOON,
    make_place,
)
from tests.together import do_at_once
from weatherapp.alerting import trying
from weatherapp.alerting.trying import work
from weatherapp.models import (
    Backtest,
    BacktestState,
)
from weatherapp.models.backtest import LEASE, PATIENCE

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


# --- Turns ---------------------------------------------------------------------------------------


def test_a_long_try_takes_turns_and_goes_on_where_it_was():
    places = [make_windy_place(f"Place {number}") for number in range(4)]
    row = ask_for(*places)

    turns = run(row, Clock(step=3 * SECOND))

    assert turns > 1
    assert (row.state, row.hours_done) == (BacktestState.DONE, 4 * 48)
    assert len(results(row)) == 4


def test_a_message_too_many_does_nothing():
    row = ask_for(make_windy_place())
    run(row)
    before = Backtest.objects.values().get()

    assert run(row) == 1
    assert Backtest.objects.values().get() == before


def test_while_one_worker_has_it_no_other_gets_it():
    row = ask_for(make_windy_place())
    held = Backtest.objects.claim(row.pk, now=NOON)

    assert held.state == BacktestState.RUNNING
    assert Backtest.objects.claim(row.pk, now=NOON + LEASE - SECOND) is None


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_at_once_one_gets_it():
    row = ask_for(make_windy_place())

    claimed = do_at_once(*[lambda: Backtest.objects.claim(row.pk, now=NOON)] * 2)

    assert sorted(one is None for one in claimed) == [False, True]


def test_a_worker_that_lost_its_claim_stores_nothing():
    row = ask_for(make_windy_place())
    slow = Backtest.objects.claim(row.pk, now=NOON)
    other = Backtest.objects.claim(row.pk, now=NOON + LEASE)
    stretch = row.stretches.get()

    assert slow.go_on(40, now=NOON + LEASE) is False
    assert slow.store(stretch, {}, now=NOON + LEASE) is False
    assert slow.give_back(now=NOON + LEASE) is False
    slow.finish(BacktestState.FAILED, now=NOON + LEASE, error="BROKEN")

    other.refresh_from_db()
    stretch.refresh_from_db()
    assert (other.state, other.hours_done, stretch.result) == (BacktestState.RUNNING, 0, None)


@pytest.mark.parametrize(
    ("is_begun", "due_after"),
    [pytest.param(False, PATIENCE, id="message"), pytest.param(True, LEASE, id="worker")],
)
def test_a_lost_message_and_a_killed_worker_are_taken_up_in_time(is_begun, due_after):
    row = ask_for(make_windy_place())
    if is_begun:
        Backtest.objects.claim(row.pk, now=NOON)

    assert trying.find_overdue(now=NOON + due_after - SECOND) == []
    assert trying.find_overdue(now=NOON + due_after) == [row.pk]
    run(row, Clock(NOON + due_after))
    assert row.state == BacktestState.DONE
    assert trying.find_overdue(now=NOON + 9 * LEASE) == []


def test_what_kills_its_worker_again_and_again_is_given_up():
    row = ask_for(make_windy_place())
    for number in range(trying.MOST_ATTEMPTS):
        assert Backtest.objects.claim(row.pk, now=NOON + number * LEASE)

    run(row, Clock(NOON + 9 * LEASE))

    assert (row.state, row.error) == (BacktestState.FAILED, "KILLED")


# --- Cancelled, broken, forgotten ----------------------------------------------------------------


def test_one_that_waits_is_cancelled_at_once():
    row = ask_for(make_windy_place())

    Backtest.objects.cancel(row.pk, now=NOON + SECOND)
    run(row)

    assert (row.state, row.finished_at) == (BacktestState.CANCELLED, NOON + SECOND)
    assert results_stored(row) == 0


def test_one_that_runs_hears_of_it_within_a_second():
    row = ask_for(make_place(name="JFK", source="replay", station="JFK"))
    clock = CancellingClock(row, at=NOON + 3 * SECOND)

    run(row, clock)

    assert (row.state, row.cancel_wished_at) == (BacktestState.CANCELLED, NOON + 3 * SECOND)
    assert row.finished_at - row.cancel_wished_at <= 1.5 * SECOND  # the test's clock is coarse
    assert 0 < row.hours_done < row.hours_total
    assert results_stored(row) == 0


class CancellingClock(Clock):
    """Somebody presses "Cancel" at `at`."""

    def __init__(self, row: Backtest, at: datetime) -> None:
        super().__init__(step=SECOND / 5)
        self.row, self.at = row, at

    def __call__(self) -> datetime:
        if super().__call__() >= self.at:
            Backtest.objects.filter(cancel_wished_at=None).cancel(self.row.pk, now=self.at)
        return self.now


def results_stored(row):
    return row.stretches.exclude(result=None).count()


def test_progress_is_written_once_a_second(django_assert_num_queries):
    row = ask_for(make_place(name="JFK", source="replay", station="JFK"))
    claimed = Backtest.objects.claim(row.pk, now=NOON)
    progress = trying._Progress(claimed, 0, Clock(step=SECOND / 100))

    with django_assert_num_queries(5):  # at 0, 1, 2, 3 and 4 s
        assert all(progress.tell(number) for number in range(500))


def test_an_unreadable_rule_fails_by_name():
    row = ask_for(make_windy_place())
    Backtest.objects.update(variants={"0": {"conditions": [{"quantity": "hail"}]}})

    run(row)

    assert (row.state, row.error) == (BacktestState.FAILED, "UNREADABLE")


def test_an_error_in_the_program_is_named_and_not_swallowed():
    row = ask_for(make_windy_place())

    def broken(place):
        raise ZeroDivisionError("no archive")

    with pytest.raises(ZeroDivisionError):
        work(row.pk, clock=Clock(), archive=broken)

    row.refresh_from_db()
    assert (row.state, row.error) == (BacktestState.FAILED, "BROKEN")
    assert "no archive" in row.error_message


def test_what_is_over_for_a_month_is_forgotten():
    place = make_windy_place()
    old, young, waiting = (ask_for(place) for _ in range(3))
    run(old, Clock(NOON))
    run(young, Clock(NOON + 20 * SECOND))

    trying.forget_old(now=NOON + trying.KEPT + 10 * SECOND)

    assert set(Backtest.objects.all()) == {young, waiting}


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"state": "RUNNING"}, id="running without a claim"),
        pytest.param({"state": "DONE"}, id="done without a time"),
        pytest.param({"error": "BROKEN"}, id="an error that is none"),
    ],
)
def test_impossible_rows_cannot_be(fields):
    ask_for(make_windy_place())

    with pytest.raises(IntegrityError), transaction.atomic():
        Backtest.objects.update(**fields)
