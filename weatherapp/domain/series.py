"""Hours of weather one after the other, as columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import overload

from weatherapp.domain.spans import HOUR, Span

Column = Sequence[float | None]


Known = tuple[datetime, float]


class KnownHours(Sequence[Known]):
    """The known ones of hours one after the other: pairs of time and value, oldest first.

    Most that look want the values only: times are worked out when somebody asks for pairs.
    """

    __slots__ = ("_column", "_first_at", "values")

    def __init__(self, first_at: datetime, column: Column) -> None:
        self._first_at = first_at
        self._column = column
        self.values = [value for value in column if value is not None]

    def __len__(self) -> int:
        return len(self.values)

    def __iter__(self) -> Iterator[Known]:
        for index, value in enumerate(self._column):
            if value is not None:
                yield self._first_at + index * HOUR, value

    @overload
    def __getitem__(self, index: int) -> Known: ...
    @overload
    def __getitem__(self, index: slice) -> list[Known]: ...
    def __getitem__(self, index: int | slice) -> Known | list[Known]:
        return list(self)[index]

    def span_of(self, counts: Callable[[float], bool]) -> Span | None:
        """From the first to the last hour whose value counts; looked for from both ends."""
        first = self._find(range(len(self._column)), counts)
        last = self._find(reversed(range(len(self._column))), counts)
        if first is None or last is None:
            return None
        return Span(self._first_at + first * HOUR, self._first_at + last * HOUR)

    def _find(self, indexes: Iterable[int], counts: Callable[[float], bool]) -> int | None:
        for index in indexes:
            value = self._column[index]
            if value is not None and counts(value):
                return index
        return None


@dataclass(frozen=True, slots=True)
class Series:
    """Hours without a gap: `columns[name][index]` is of `first_at` + index hours; None: unknown."""

    first_at: datetime
    columns: Mapping[str, Column]

    def known(self, name: str, *, after: datetime, until: datetime) -> KnownHours:
        """The known values of hours in (after, until], oldest first."""
        column = self.columns.get(name, ())
        start = max((after - self.first_at) // HOUR + 1, 0)
        stop = min((until - self.first_at) // HOUR + 1, len(column))
        return KnownHours(self.first_at + start * HOUR, column[start : max(start, stop)])

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
