"""The site stands still for a while, and then all places are due at the same tick."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep

import psycopg

from bench.scale.watching import Watch
from bench.scale.weighing import count_rows, tell_growth

MINUTE = timedelta(minutes=1)
BEFORE_TICK = timedelta(seconds=3)  # all places become due
START_S = 15  # what the start itself takes is no tick
LOOK_S = 5
MARK = 1000  # places between two looks at the worker's memory
PREDICTED = "SELECT count(*), min(answered_at), max(answered_at) FROM weatherapp_prediction"
FETCHED = """
SELECT count(*), min(fetched_at), max(fetched_at) FROM weatherapp_place WHERE fetched_at >= %s
"""
Table = list[tuple[str, str]]


def stand_still(watch: Watch, still_s: int) -> Table:
    """What the minute's ticks cost when nothing is due."""
    sleep(START_S)
    before = watch.cpu_s()
    sleep(still_s)
    took = {name: seconds - before.get(name, 0.0) for name, seconds in watch.cpu_s().items()}
    return [
        (f"{name}: CPU a minute when nothing is due", f"{60 * seconds / still_s:.2f} s")
        for name, seconds in sorted(took.items())
    ]


def run_hour(
    rows: psycopg.Connection, watch: Watch, *, places: int, patience_s: float, is_asked: bool
) -> Table:
    """Until the last prediction is stored; where the predictor `is_asked` nothing, the last weather.

    Ends by itself after `patience_s`, and then tells how far it came.
    """
    weight = count_rows(rows)
    watch.reset()
    before = watch.cpu_s()
    tick_at = find_next_tick(datetime.now(UTC))
    sleep((tick_at - BEFORE_TICK - datetime.now(UTC)).total_seconds())
    rows.execute("UPDATE weatherapp_place SET next_refresh_at = now() WHERE is_active")
    marks: dict[int, float] = {}
    deadline_s = monotonic() + patience_s
    done, first_at, last_at = 0, None, None
    while done < places and monotonic() < deadline_s:
        sleep(LOOK_S)
        done, first_at, last_at = _count_done(rows, tick_at, is_asked=is_asked)
        marks.setdefault(done // MARK * MARK, watch.pss_now_mb.get("worker", 0.0))
        sys.stderr.write(
            f"{datetime.now(UTC):%H:%M:%S} {done} done, Redis at most {watch.redis_mb:.1f} MB\n"
        )
    what = "prediction" if is_asked else "weather"
    took = {name: seconds - before.get(name, 0.0) for name, seconds in watch.cpu_s().items()}
    return [
        ("places done", f"{done:,}"),
        (f"from the tick to the first stored {what}", _tell_time(first_at, tick_at)),
        (f"from the tick to the last stored {what}", _tell_time(last_at, tick_at)),
        *(
            (f"{name}: CPU a place", f"{1000 * took[name] / places:.1f} ms")
            for name in sorted(took)
        ),
        *(
            (f"{name}: highest PSS", f"{size:.0f} MB")
            for name, size in sorted(watch.pss_mb.items())
        ),
        (
            "worker: PSS when so many were done",
            "; ".join(f"{n:,}: {mb:.0f}" for n, mb in marks.items()),
        ),
        ("Redis, highest", f"{watch.redis_mb:.1f} MB"),
        ("PostgreSQL, connections in use at most", f"{watch.connections}"),
        *_tell_alerts(rows, places),
        *tell_growth(weight, count_rows(rows), places),
    ]


def find_next_tick(now: datetime) -> datetime:
    """The full minute at which beat ticks next, if there is time to make places due before it."""
    tick_at = now.replace(second=0, microsecond=0) + MINUTE
    return tick_at if tick_at - now > 2 * BEFORE_TICK else tick_at + MINUTE


def _count_done(
    rows: psycopg.Connection, tick_at: datetime, *, is_asked: bool
) -> tuple[int, datetime | None, datetime | None]:
    found = rows.execute(PREDICTED) if is_asked else rows.execute(FETCHED, [tick_at])
    return found.fetchone() or (0, None, None)


def _tell_time(at: datetime | None, tick_at: datetime) -> str:
    return f"{(at - tick_at).total_seconds():.0f} s" if at else "never"


def _tell_alerts(rows: psycopg.Connection, places: int) -> Table:
    counted = "SELECT count(*), count(DISTINCT place_id) FROM weatherapp_alert"
    alerts, at_places = rows.execute(counted).fetchone() or (0, 0)
    return [("alerts raised", f"{alerts:,}, at {at_places / places:.0%} of the places")]
