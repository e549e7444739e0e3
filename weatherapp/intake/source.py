"""What every weather source answers, and the ways it can fail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from predictor.contract import CLIMATE_DAYS
from weatherapp.domain.series import Series
from weatherapp.domain.source_problem import SourceProblem
from weatherapp.net.one_line import one_line

PAST_HOURS = 24
FORECAST_HOURS = 48  # what rules, evidence and scores go by
WEEK_HOURS = 7 * 24  # what pages show of the days to come
BACKFILL_DAYS = CLIMATE_DAYS + 1  # its longest span of wet hours begins before them
LONGEST_ERROR = 400  # characters


class SourceError(Exception):
    """No weather for this place now.

    The text is for operators, and one line whatever came in; readers are told by `problem`.
    """

    problem = SourceProblem.UNREACHABLE

    def __init__(self, message: str) -> None:
        super().__init__(one_line(message, LONGEST_ERROR))


class SourceUnavailableError(SourceError):
    """Not now: ask again, at `retry_at` where that is known."""

    def __init__(
        self,
        message: str,
        *,
        problem: SourceProblem = SourceProblem.UNREACHABLE,
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(message)
        self.problem = problem
        self.retry_at = retry_at


class SourceRefusedError(SourceError):
    """The source says no: the same question gets the same answer until something changes."""

    problem = SourceProblem.REFUSED


class SourceGarbledError(SourceError):
    """The body is not as agreed. Ask once more, then report."""

    problem = SourceProblem.GARBLED


@dataclass(frozen=True, slots=True)
class PointRequest:
    """What a source needs to know about a place. `cell` is that of its last answer."""

    place_id: int
    latitude: float
    longitude: float
    station: str
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Hour:
    """What is known of one hour, by the names of domain/quantities.py; what is not is absent."""

    at: datetime
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PlaceWeather:
    """Oldest first: hours of (hour - PAST_HOURS, hour] and of (hour, hour + FORECAST_HOURS].

    `hour` is the full hour at or before the `now` of the question. An hour that the source did
    not answer is absent; a source without a forecast answers none. `issued_at` is the time of the
    forecast's run, where the source tells it. Places with the same `cell`, unless it is empty, get
    the same weather. `week` is what the forecast says of (hour, hour + WEEK_HOURS], the near hours
    among them.
    """

    hour_at: datetime
    readings: tuple[Hour, ...]
    forecast: tuple[Hour, ...] = ()
    issued_at: datetime | None = None
    cell: str = ""
    week: Series | None = None


Outcome = PlaceWeather | SourceError


class Source(Protocol):
    """One provider of weather."""

    def fetch(self, points: Sequence[PointRequest], *, now: datetime) -> Mapping[int, Outcome]:
        """By place id, an outcome for every point. Raises nothing for what a source may do."""
        ...

    def fetch_past(self, point: PointRequest, *, now: datetime) -> Sequence[Hour]:
        """BACKFILL_DAYS of readings up to `now`, oldest first, or what there is of them.

        Raises SourceError.
        """
        ...
