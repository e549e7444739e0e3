"""Queries that are put together once: Django takes longer to do that than PostgreSQL to answer them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Row = Mapping[str, Any]  # by column
Asked = tuple[str, tuple[Any, ...]]


class _AnsweredError(Exception):
    """Keeps Django from making objects of what was answered."""


class PreparedQuery:
    """`build` takes as many keys as there are at most, and gives rows of values.

    What is read is as the database's driver has it. The first time Django puts the query together,
    and is looked at while it asks (database instrumentation); from then on its words are known.
    """

    def __init__(
        self, build: Callable[[Sequence[int]], QuerySet[Any, Any]], *, most_keys: int = 1
    ) -> None:
        self._build = build
        self._stand_ins = range(-most_keys, 0)  # no row has such a key
        self._asked: Asked | None = None

    def rows(self, keys: Sequence[int] = ()) -> list[Row]:
        real = dict(zip(self._stand_ins, keys, strict=False))
        if self._asked is None:
            return self._ask_first(real)
        sql, parameters = self._asked
        with connection.cursor() as cursor:
            cursor.execute(sql, _replace(parameters, real))
            return _read(cursor)

    def _ask_first(self, real: Mapping[int, int]) -> list[Row]:
        rows: list[Row] = []

        def ask(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
            if parameters is None:  # Django looks at what the database can do, and goes on
                return execute(sql, parameters, many, context)
            execute(sql, _replace(parameters, real), many, context)
            rows.extend(_read(context["cursor"]))
            self._asked = sql, tuple(parameters)
            raise _AnsweredError

        try:
            with connection.execute_wrapper(ask):
                list(self._build(self._stand_ins))
        except _AnsweredError:
            return rows
        raise ValueError("a query that Django knows the answer of cannot be prepared")


def _replace(parameters: Sequence[Any], real: Mapping[int, int]) -> list[Any]:
    return [real.get(value, value) for value in parameters]


def _read(cursor: Any) -> list[Row]:
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
