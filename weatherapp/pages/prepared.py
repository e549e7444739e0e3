"""Queries that are put together once: Django takes longer to do that than PostgreSQL to answer them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Row = Mapping[str, Any]  # by column


class _AskedError(Exception):
    """Carries what Django was about to ask."""

    def __init__(self, sql: str, parameters: Sequence[Any]) -> None:
        super().__init__(sql)
        self.sql = sql
        self.parameters = tuple(parameters)


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
        """By Django's own way to look at queries; this one is stopped before it is asked."""
        try:
            with connection.execute_wrapper(_stop):
                list(self._build(self._stand_ins))
        except _AskedError as asked:
            return asked.sql, asked.parameters
        raise ValueError("a query that Django knows the answer of cannot be prepared")


def _stop(_: Any, sql: str, parameters: Any, many: bool, __: Any) -> Any:
    raise _AskedError(sql, parameters)
