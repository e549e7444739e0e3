"""Each run of a tick is noted; of those that piled up only the first does the work."""

from __future__ import annotations

from datetime import timedelta

import pytest
from celery import Celery
from celery.app.trace import trace_task
from django.utils import timezone

from weatheralert.beat import app as clock
from weatherapp import tasks  # the ticks
from weatherapp.health import ticks
from weatherapp.models import TickRun

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


class Work:
    """Counts how often it is done; fails as often as it is told to."""

    def __init__(self, *, fails: int = 0) -> None:
        self.done, self.fails = 0, fails

    def __call__(self) -> None:
        if self.fails:
            self.fails -= 1
            raise LookupError("a host and a password")
        self.done += 1


@pytest.fixture
def make_task(db, monkeypatch):
    monkeypatch.setattr(ticks, "_paces", {})
    app = Celery("ticks", broker="memory://", set_as_current=False)

    def make(work: Work, *, every=MINUTE):
        def a_tick() -> None:
            work()

        return app.task(name="a_tick", shared=False)(ticks.tick(every=every)(a_tick))

    yield make
    app.close()


def send(task) -> None:
    """As a worker runs the message that beat has sent."""
    request = {"celery_beat_task": True, "id": "an id"}
    trace_task(task, "an id", (), {}, request=request, app=task.app)


def read() -> TickRun:
    return TickRun.objects.get(pk="a_tick")


def set_times(**fields) -> None:
    TickRun.objects.filter(pk="a_tick").update(**fields)


def test_a_run_is_noted_from_its_start_to_its_end(make_task):
    work, before = Work(), timezone.now()

    send(make_task(work))

    run = read()
    assert before <= run.started_at <= run.finished_at <= timezone.now()
    assert (run.every_s, run.failed_at, run.error) == (60, None, "")
    assert work.done == 1


def test_a_failure_is_noted_by_its_kind_alone_raised_again_and_forgotten_after_a_good_run(
    make_task,
):
    task = make_task(Work(fails=1))

    with pytest.raises(LookupError):
        task.apply(throw=True)
    failed = read()
    task.apply()

    assert (failed.error, failed.finished_at) == ("LookupError", None)
    assert failed.failed_at is not None
    assert (read().error, read().failed_at) == ("", None)
    assert read().finished_at is not None


def test_ticks_that_piled_up_cost_one_statement_each(make_task, django_assert_num_queries):
    work = Work()
    task = make_task(work)
    send(task)

    with django_assert_num_queries(2 * 100):  # the second asks whether the row is there at all
        for _ in range(100):
            send(task)

    assert work.done == 1


@pytest.mark.parametrize(
    ("every", "since", "is_done"),
    [
        pytest.param(MINUTE, timedelta(seconds=29), False, id="too soon"),
        pytest.param(MINUTE, timedelta(seconds=31), True, id="the next minute's"),
        pytest.param(HOUR, timedelta(minutes=29), False, id="another of the same hour"),
        pytest.param(HOUR, timedelta(minutes=31), True, id="the next hour's"),
        pytest.param(MINUTE, -3 * HOUR, True, id="after one that a wrong clock put in the future"),
    ],
)
def test_a_tick_is_done_where_the_last_one_began_long_enough_ago(make_task, every, since, is_done):
    work = Work()
    task = make_task(work, every=every)
    task.apply()
    set_times(started_at=timezone.now() - since)

    send(task)

    assert work.done == (2 if is_done else 1)


def test_what_a_person_asks_for_is_always_done(make_task):
    work = Work()
    task = make_task(work)

    task.apply()
    task.apply()
    task()

    assert work.done == 3


@pytest.mark.django_db
def test_ticks_of_an_older_release_are_forgotten():
    TickRun.objects.create(name="of_long_ago", every_s=60, started_at=timezone.now())

    tasks.mend_times()

    assert list(TickRun.objects.values_list("name", flat=True)) == ["mend_times"]


def test_all_that_the_clock_sends_is_noted_at_its_pace():
    expected = {
        entry["task"].rpartition(".")[2]: _pace(entry["schedule"])
        for entry in clock.conf.beat_schedule.values()
    }

    assert expected
    assert ticks.known_paces() == expected


def _pace(schedule) -> timedelta:
    if len(schedule.minute) > 1:
        return MINUTE
    return HOUR if len(schedule.hour) > 1 else timedelta(days=1)


def test_no_tick_expires_by_the_clock_of_another_machine():
    options = [entry["options"] for entry in clock.conf.beat_schedule.values()]

    assert options
    assert all(set(option) == {"queue"} for option in options)
