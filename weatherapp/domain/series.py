"""Hours of weather one after the other, as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from weatherapp.domain.spans import HOUR

Column = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Series:
    """Hours without a gap: `columns[name][index]` is of `first_at` + index hours; None: unknown."""

    first_at: datetime
    columns: Mapping[str, Column]

    def known(self, name: str, *, after: datetime, until: datetime) -> list[tuple[datetime, float]]:
        """The known values of hours in (after, until], oldest first."""
        column = self.columns.get(name, ())
        start = max((after - self.first_at) // HOUR + 1, 0)
        stop = min((until - self.first_at) // HOUR + 1, len(column))
        return [
            (self.first_at + index * HOUR, value)
            for index in range(start, stop)
            if (value := column[index]) is not None
        ]

    def at(self, at: datetime) -> dict[str, float]:
        """What is known of one hour."""
        index = (at - self.first_at) // HOUR
        return {
            name: value
            for name, column in self.columns.items()
            if 0 <= index < len(column) and (value := column[index]) is not None
        }

    def hours(self) -> list[datetime]:
        """The times of all hours, oldest first."""
        length = max((len(column) for column in self.columns.values()), default=0)
        return [self.first_at + index * HOUR for index in range(length)]


def make_series(
    hours: Mapping[datetime, Mapping[str, float | None]], names: Sequence[str]
) -> Series:
    """From values by hour and name, with None for what is not there; at least one hour."""
    first_at, last_at = min(hours), max(hours)
    length = (last_at - first_at) // HOUR + 1
    empty: Mapping[str, float | None] = {}
    rows = [hours.get(first_at + index * HOUR, empty) for index in range(length)]
    columns = {name: [row.get(name) for row in rows] for name in names}
    return Series(
        first_at,
        {name: column for name, column in columns.items() if any(v is not None for v in column)},
    )
