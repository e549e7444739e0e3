"""Writes many rows at once, where Django's own ways take several times as long.

bulk_update() writes a CASE for each column and row; bulk_create() checks each value of each row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from weatherapp.models import OfficialMessage, OfficialPlace
from weatherapp.official.storing.messages import chunk

ROWS_TOGETHER = 200


def rewrite(rows: Sequence[Model], fields: Sequence[str]) -> None:
    """Of rows of one table, which are there and were read whole, these columns."""
    if rows:
        type(rows[0])._default_manager.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["pk"],
            update_fields=fields,
            batch_size=ROWS_TOGETHER,
        )


def name_events(pairs: Iterable[tuple[int, int]]) -> None:
    """Of event and message: which event messages tell of that had none."""
    table = OfficialMessage._meta.db_table
    _execute(f'UPDATE "{table}" SET event_id = %s WHERE id = %s AND event_id IS NULL', pairs)  # noqa: S608


def insert_places(pairs: Iterable[tuple[int, int]], *, since_at: datetime) -> None:
    """Of event and place; those that are there stay as they are."""
    table = OfficialPlace._meta.db_table
    at = connection.ops.adapt_datetimefield_value(since_at)  # as Django's own statements write it
    _execute(
        f'INSERT INTO "{table}" (event_id, place_id, since_at) VALUES (%s, %s, %s)'  # noqa: S608
        " ON CONFLICT DO NOTHING",
        ((event_id, place_id, at) for event_id, place_id in pairs),
    )


def _execute(sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor:
        for together in chunk(rows, ROWS_TOGETHER):
            cursor.executemany(sql, together)
