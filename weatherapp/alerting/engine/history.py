"""What is stored of one place, played hour by hour: the facts as they were known at each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Generic, TypeVar

from weatherapp.alerting.engine.facts import Facts, Forecast, Measured, Prediction
from weatherapp.domain.series import Series
from weatherapp.domain.spans import HOUR

Fact = TypeVar("Fact")
# When it was there, and what it was; those of one history are gone through once, oldest first.
Arrivals = Iterable[tuple[datetime, Fact]]


@dataclass(frozen=True, slots=True)
class History:
    """Hours in (after_at, until_at] are played; `record` may begin before.

    `forecasts` and `predictions` may be read while the history is played: they are many.
    """

    record: Series
    after_at: datetime
    until_at: datetime
    forecasts: Arrivals[Forecast] = ()
    predictions: Arrivals[Prediction] = ()
    zone: tzinfo = UTC

    @property
    def hours(self) -> int:
        return (self.until_at - self.after_at) // HOUR


def play_facts(history: History) -> Iterator[tuple[datetime, Facts]]:
    """Each hour, and what was known then."""
    newest_readings = _list_newest(history.record)
    forecasts, predictions = _Newest(history.forecasts), _Newest(history.predictions)
    for step in range(1, history.hours + 1):
        now = history.after_at + step * HOUR
        yield (
            now,
            Facts(
                measured=_measured_at(history.record, newest_readings, now),
                forecast=forecasts.at(now),
                prediction=predictions.at(now),
                zone=history.zone,
            ),
        )


class _Newest(Generic[Fact]):
    """The newest of what has arrived; it is asked about later and later times."""

    def __init__(self, arrivals: Arrivals[Fact]) -> None:
        self._coming = iter(arrivals)
        self._next = next(self._coming, None)
        self._newest: Fact | None = None

    def at(self, now: datetime) -> Fact | None:
        while self._next is not None and self._next[0] <= now:
            self._newest = self._next[1]
            self._next = next(self._coming, None)
        return self._newest


def _list_newest(record: Series) -> list[datetime | None]:
    """For each hour of the record the newest one, up to it, of which anything is known."""
    newest: datetime | None = None
    found = []
    columns = list(record.columns.values())
    for index, at in enumerate(record.hours()):
        if any(index < len(column) and column[index] is not None for column in columns):
            newest = at
        found.append(newest)
    return found


def _measured_at(record: Series, newest: list[datetime | None], now: datetime) -> Measured | None:
    index = min((now - record.first_at) // HOUR, len(newest) - 1)
    at = newest[index] if index >= 0 else None
    return Measured(record, at) if at else None
