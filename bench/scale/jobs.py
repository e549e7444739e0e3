"""A whole pass of each job that goes through all places by parts, run after run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, sleep

import psycopg
from celery import Celery

from bench.scale.watching import Watch
from dyno.broker import configure

LOOK_S = 0.2
SCORED_HOURS = 6  # since the last pass
ANSWER_HOURS = 32  # learned from when their 24 hours are over and settled: six of them are
# What a day leaves to be forgotten: 24 readings and 20 of 24 runs a place.
OLD = """
INSERT INTO {table} ({columns}, {by}) SELECT {columns}, {by} - make_interval(hours => n + {age})
FROM {table}, generate_series(0, 23) AS n WHERE {by} = (SELECT max({by}) FROM {table})
"""
ANSWERS = """
WITH asked AS (
    INSERT INTO weatherapp_predictionrequest (id, window_end_at, {request_columns})
    SELECT gen_random_uuid(), window_end_at - make_interval(hours => n), {request_columns}
    FROM weatherapp_predictionrequest, generate_series(1, {hours}) AS n WHERE state = 'ANSWERED'
    RETURNING id, place_id, window_end_at
)
INSERT INTO weatherapp_prediction (request_id, window_end_at, {columns})
SELECT asked.id, asked.window_end_at, {columns_of_p}
FROM asked JOIN weatherapp_prediction AS p ON p.place_id = asked.place_id
"""
PROGRESS = """
INSERT INTO weatherapp_scoringprogress (place_id, scored_until_at)
SELECT place_id, max(observed_at) - make_interval(hours => 2 + {hours}) FROM weatherapp_reading
GROUP BY place_id ON CONFLICT DO NOTHING
"""
COLUMNS = """
SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
WHERE table_name = %s AND column_name <> ALL (%s)
"""
FINISHED = "SELECT max(finished_at) FROM weatherapp_tickrun WHERE name LIKE %s"


BEGIN = "DELETE FROM weatherapp_placepass WHERE name = '{name}'"
OVER = "SELECT is_over FROM weatherapp_placepass WHERE name = '{name}'"
# A place's first pass reads what its 90 days say of rain; this leaves SCORED_HOURS for a later one.
REWIND = """
UPDATE weatherapp_scoringprogress
SET scored_until_at = scored_until_at - interval '6 hours',
    verified_until_at = verified_until_at - interval '6 hours';
UPDATE weatherapp_placecalibration
SET learned_until_at = learned_until_at - interval '6 hours'
"""
AGE = "UPDATE weatherapp_placeclimate SET counted_at = now() - interval '2 days'"


@dataclass(frozen=True, slots=True)
class Job:
    """`prepare` makes that there is something to do."""

    name: str
    label: str
    prepare: str = "SELECT"


JOBS = (
    Job("score_and_fit", "the first pass of score_and_fit"),
    Job("score_and_fit", "a later pass of score_and_fit", REWIND),
    Job("forget_old_weather", "a pass of forget_old_weather"),
    Job("repair_climates", "a pass of repair_climates", AGE),
)


def run_jobs(
    rows: psycopg.Connection, watch: Watch, *, redis_url: str, places: int, patience_s: float
) -> Iterator[tuple[str, str]]:
    """Each after the other, with what a day leaves them to do."""
    add_past(rows)
    asker = configure(Celery("scale", fixups=[], set_as_current=False))
    asker.conf.broker_url = redis_url
    for job in JOBS:
        yield job.label, run_job(rows, watch, asker, job, places, patience_s)


def add_past(rows: psycopg.Connection) -> None:
    """Answers of the last day and more, and rows that are too old: copies of the newest."""
    rows.execute("SET session_replication_role = replica")
    for table, by, age in (
        ("weatherapp_reading", "observed_at", 101 * 24),
        ("weatherapp_sourceforecast", "hour_at", 8 * 24),
    ):
        columns = list_columns(rows, table, "id", by)
        rows.execute(OLD.format(table=table, by=by, age=age, columns=columns))
    asked = list_columns(rows, "weatherapp_predictionrequest", "id", "window_end_at")
    said = list_columns(rows, "weatherapp_prediction", "id", "request_id", "window_end_at")
    of_p = ", ".join(f"p.{name}" for name in said.split(", "))
    rows.execute(
        ANSWERS.format(request_columns=asked, columns=said, columns_of_p=of_p, hours=ANSWER_HOURS)
    )
    rows.execute(PROGRESS.format(hours=SCORED_HOURS))
    rows.execute("SET session_replication_role = origin")


def list_columns(rows: psycopg.Connection, table: str, *without: str) -> str:
    (found,) = rows.execute(COLUMNS, [table, list(without)]).fetchone() or ("",)
    return str(found)


def run_job(
    rows: psycopg.Connection,
    watch: Watch,
    asker: Celery,
    job: Job,
    places: int,
    patience_s: float,
) -> str:
    watch.reset()
    pss_mb, cpu_s, began_s = watch.pss_now_mb.get("worker", 0.0), watch.cpu_s(), monotonic()
    rows.execute(job.prepare)
    rows.execute(BEGIN.format(name=job.name))
    runs = 0
    while monotonic() - began_s < patience_s:
        run_once(rows, asker, job.name, began_s + patience_s)
        runs += 1
        if (rows.execute(OVER.format(name=job.name)).fetchone() or (False,))[0]:
            break
    else:
        return f"not over after {patience_s:.0f} s and {runs} runs"
    wall_s, cpu = monotonic() - began_s, watch.cpu_s()
    own_s = cpu["worker"] - cpu_s["worker"]
    return (
        f"{wall_s:.0f} s, {runs} runs, worker {own_s:.0f} s of CPU ({1000 * own_s / places:.1f} ms a "
        f"place), PostgreSQL {cpu['PostgreSQL'] - cpu_s['PostgreSQL']:.0f} s, worker's PSS "
        f"{pss_mb:.0f} MB before, {watch.pss_mb.get('worker', 0.0):.0f} MB at most"
    )


def run_once(rows: psycopg.Connection, asker: Celery, name: str, deadline_s: float) -> None:
    """A run is over when the tick says so."""
    began_at = datetime.now(UTC)
    asker.send_task(f"weatherapp.tasks.{name}", queue="default")
    while monotonic() < deadline_s:
        (finished_at,) = rows.execute(FINISHED, [f"%{name}"]).fetchone() or (None,)
        if finished_at is not None and finished_at > began_at:
            return
        sleep(LOOK_S)
