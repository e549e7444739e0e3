"""Queries that are put together once: Django takes longer to do that than PostgreSQL to answer them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Row = Mapping[str, Any]  # by column


class PreparedQuery:
    """`build` takes as many keys as there are at most, and gives rows of values.

    What is read is as the database's driver has it.
    """

    def __init__(
        self, build: Callable[[Sequence[int]], QuerySet[Any, Any]], *, most_keys: int = 1
    ) -> None:
        self._build = build
        self._stand_ins = range(-most_keys, 0)  # no row has such a key

    def rows(self, keys: Sequence[int] = ()) -> list[Row]:
        sql, parameters = self._sql
        real = dict(zip(self._stand_ins, keys, strict=False))
        with connection.cursor() as cursor:
            cursor.execute(sql, [real.get(value, value) for value in parameters])
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]

    @cached_property
    def _sql(self) -> tuple[str, tuple[Any, ...]]:
        return self._build(self._stand_ins).query.sql_with_params()
