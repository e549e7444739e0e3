"""What the tables take, a row and a place; and how many places a plan holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection
from django.db.models import Model

from weatherapp.intake.retention import count_kept_rows
from weatherapp.models import Alert, Place

POSTGRES_WHOLE = "SELECT pg_database_size(current_database())"
POSTGRES_SIZES = (
    "SELECT relname, pg_total_relation_size(oid) FROM pg_class"
    " WHERE relkind = 'r' AND relname = ANY(%s) AND relnamespace = 'public'::regnamespace"
)
SQLITE_WHOLE = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
# Pages by table, those of its indexes with it.
SQLITE_SIZES = (
    "SELECT tbl_name, SUM(pgsize) FROM dbstat JOIN sqlite_master USING (name) GROUP BY tbl_name"
)
SHARE_FILLED = 0.9  # of a plan: the rest is room for what is being deleted and not yet reused


@dataclass(frozen=True, slots=True)
class Table:
    """`rows_at_most` is what a place has once it is as old as rows are kept; None: it does not grow.

    Bytes are with indexes, with what is stored out of line, and with free space within.
    """

    name: str
    rows: int
    size_bytes: int
    is_of_places: bool
    rows_at_most: int | None

    @property
    def row_bytes(self) -> float:
        return self.size_bytes / self.rows if self.rows else 0.0

    def place_bytes(self, places: int) -> float:
        """Of a place that has all its history."""
        if self.rows_at_most is not None:
            return self.row_bytes * self.rows_at_most
        return self.size_bytes / places if self.is_of_places and places else 0.0


@dataclass(frozen=True, slots=True)
class Storage:
    """`is_estimated`: the tables' bytes are shares of the whole by rows, since nobody counts them."""

    tables: tuple[Table, ...]
    places: int
    size_bytes: int  # the whole database
    is_estimated: bool

    @property
    def place_bytes(self) -> float:
        return sum(table.place_bytes(self.places) for table in self.tables)

    @property
    def other_bytes(self) -> int:
        """What does not grow with places."""
        of_places = sum(table.size_bytes for table in self.tables if table.is_of_places)
        return max(self.size_bytes - of_places, 0)

    def count_places(self, plan_bytes: float) -> int | None:
        """How many fit; None while no place has any rows."""
        if not self.place_bytes:
            return None
        return max(int((plan_bytes * SHARE_FILLED - self.other_bytes) / self.place_bytes), 0)


def read_storage() -> Storage:
    """Counts all rows: a few seconds where there are millions."""
    models = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    known = _read_sizes(list(models))
    rows = {name: model._default_manager.count() for name, model in models.items()}
    size_bytes = read_size_bytes()
    sizes = _share_out(rows, size_bytes) if known is None else known
    kept = count_kept_rows()
    tables = [
        Table(name, rows[name], sizes.get(name, 0), _is_of_places(model), kept.get(model))
        for name, model in models.items()
    ]
    largest_first = sorted(tables, key=lambda table: -table.size_bytes)
    return Storage(tuple(largest_first), Place.objects.count(), size_bytes, known is None)


def read_size_bytes() -> int:
    """Of the whole database, as it knows without counting."""
    is_postgres = connection.vendor == "postgresql"
    return int(_query(POSTGRES_WHOLE if is_postgres else SQLITE_WHOLE)[0][0])


def read_table_sizes() -> Mapping[str, int]:
    """In bytes; empty on SQLite, which would have to read the whole file."""
    if connection.vendor != "postgresql":
        return {}
    return _read_postgres_sizes([model._meta.db_table for model in apps.get_models()])


def _is_of_places(model: type[Model]) -> bool:
    """Also what belongs to an alert of one: its changes, and what was published of it."""
    related = {field.related_model for field in model._meta.fields}
    return model is Place or not related.isdisjoint((Place, Alert))


def _read_sizes(names: list[str]) -> Mapping[str, int] | None:
    """None where the database cannot say."""
    if connection.vendor == "postgresql":
        return _read_postgres_sizes(names)
    try:
        sizes = _query(SQLITE_SIZES)
    except DatabaseError:  # this SQLite was built without dbstat
        return None
    return {name: size_bytes for name, size_bytes in sizes if name in names}


def _read_postgres_sizes(names: list[str]) -> dict[str, int]:
    return dict(_query(POSTGRES_SIZES, [names]))


def _share_out(rows: Mapping[str, int], size_bytes: int) -> dict[str, int]:
    whole = sum(rows.values()) or 1
    return {name: size_bytes * count // whole for name, count in rows.items()}


def _query(sql: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
