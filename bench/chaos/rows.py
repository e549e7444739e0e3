"""The site's database, read and moved in time from outside, by plain SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg

from bench.chaos.count import Key, Owed

SQLITE = "sqlite:///"
# What the site waits for after a process has died: settings.py and breaker.py.
LEASES = {
    "weatherapp_delivery": timedelta(minutes=10),
    "weatherapp_place": timedelta(minutes=5),
}
REQUESTS_LOST_AFTER = timedelta(minutes=10)  # sooner, in truth: asking/dispatch.py

PREDICTIONS = """
SELECT p.place_id, p.window_end_at, p.probability_any_6h, p.probability_any_24h, p.model_version
FROM weatherapp_prediction p, weatherapp_scene s WHERE p.window_end_at <= s.plays_until_at"""
REQUESTS = """
SELECT r.place_id, r.window_end_at, r.state
FROM weatherapp_predictionrequest r, weatherapp_scene s WHERE r.window_end_at <= s.plays_until_at"""
CHANGES = """
SELECT a.place_id, a.rule_id, a.raised_at, c.old_state, c.new_state, c.reason, c.severity,
c.changed_at FROM weatherapp_alertchange c JOIN weatherapp_alert a ON a.id = c.alert_id"""
OWED = """
SELECT d.id, s.email, a.place_id, a.rule_id, a.raised_at, c.reason, d.state, c.changed_at,
d.drop_reason, d.maybe_sent FROM weatherapp_delivery d JOIN weatherapp_subscription s ON s.id = d.subscription_id
JOIN weatherapp_alertchange c ON c.id = d.change_id JOIN weatherapp_alert a ON a.id = c.alert_id"""
UNPLAYED = "SELECT count(*) FROM weatherapp_scene WHERE anchor_real_at IS NULL"
UNSETTLED = """
SELECT (SELECT count(*) FROM weatherapp_scene WHERE anchor_real_at IS NULL)
+ (SELECT count(*) FROM weatherapp_predictionrequest WHERE state = 'WAITING')
+ (SELECT count(*) FROM weatherapp_delivery WHERE state = 'PENDING')"""


class Rows:
    """Of SQLite or PostgreSQL, as the DATABASE_URL says."""

    def __init__(self, database_url: str) -> None:
        self.url = database_url

    def query(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        if not self.url.startswith(SQLITE):
            with psycopg.connect(self.url, autocommit=True) as connection:
                cursor = connection.execute(statement.replace("?", "%s"), values)
                return cursor.fetchall() if cursor.description else []
        plain = [
            value.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else value
            for value in values
        ]
        with closing(sqlite3.connect(self.url.removeprefix(SQLITE), timeout=20)) as connection:
            rows = connection.execute(statement, plain).fetchall()
            connection.commit()
        return rows

    def predictions(self) -> Sequence[Key]:
        return self.query(PREDICTIONS)

    def requests(self) -> Sequence[Key]:
        return self.query(REQUESTS)

    def changes(self) -> Sequence[Key]:
        return self.query(CHANGES)

    def owed(self) -> list[Owed]:
        return [
            Owed(pk, email, (place, rule, str(raised_at)), reason, state, str(at), why, bool(maybe))
            for pk, email, place, rule, raised_at, reason, state, at, why, maybe in self.query(OWED)
        ]

    def count_played_hours(self) -> int:
        ((hours,),) = self.query("SELECT count(DISTINCT window_end_at) FROM weatherapp_prediction")
        return int(hours)

    def is_played(self) -> bool:
        return self.query(UNPLAYED) == [(0,)]

    def count_unsettled(self) -> int:
        """What is still to be played, answered or told."""
        ((count,),) = self.query(UNSETTLED)
        return int(count)

    def let_leases_end(self, *, died_at: datetime) -> None:
        """As if the minutes had passed for which nobody touches what a dead process held."""
        for table, lease in LEASES.items():
            self.query(
                f"UPDATE {table} SET claimed_until = ? WHERE claimed_until <= ?",  # noqa: S608
                datetime.now(UTC),
                died_at + lease,
            )
        self.let_requests_be_missed(lost_at=died_at)

    def let_requests_be_missed(self, *, lost_at: datetime) -> None:
        """As if the minutes had passed after which a request that nobody answered is sent again."""
        self.query(
            "UPDATE weatherapp_predictionrequest SET sent_at = ? WHERE state = 'WAITING' AND sent_at <= ?",
            lost_at - REQUESTS_LOST_AFTER,
            lost_at,
        )

    def let_mail_rests_end(self) -> None:
        """As if the minutes had passed for which a mail server, or a mail, is left alone."""
        now = datetime.now(UTC)
        self.query(
            "UPDATE weatherapp_outgoingserver SET open_until = ? WHERE open_until > ?", now, now
        )
        self.query(
            "UPDATE weatherapp_delivery SET due_at = ? WHERE due_at > ? AND state = 'PENDING'",
            now,
            now,
        )
