"""Queries that are put together once: Django takes longer to do that than PostgreSQL to answer them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import QuerySet

KEY = -1  # stands for the key, and is no row's


class PreparedQuery:
    """`build` takes a key and gives rows of values; what is read is as the database's driver has it."""

    def __init__(self, build: Callable[[int], QuerySet[Any, Any]]) -> None:
        self._build = build

    def first(self, key: int = KEY) -> tuple[Any, ...] | None:
        sql, parameters = self._sql
        with connection.cursor() as cursor:
            cursor.execute(sql, [key if value == KEY else value for value in parameters])
            row: tuple[Any, ...] | None = cursor.fetchone()
        return row

    @cached_property
    def _sql(self) -> tuple[str, tuple[Any, ...]]:
        return self._build(KEY).query.sql_with_params()
