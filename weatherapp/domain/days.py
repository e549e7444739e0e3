"""Hours of a forecast -> days and nights by the clock of a place. Pure.

A day is from 06:00 to 18:00, a night from 18:00 to 06:00, as weather services have it; it is told
by the hours that are known. What is not known is None, never zero.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from weatherapp.domain.series import Series
from weatherapp.domain.sky import pick_code
from weatherapp.domain.spans import HOUR

DAYS = 7
MORNING, EVENING = time(6), time(18)
# A half of which less is left, or reached by the forecast, is not shown.
LEAST_HOURS = 3


@dataclass(frozen=True, slots=True)
class Half:
    """A day or a night: what its hours say that were not over at the `now` of the question.

    Highest and lowest of hourly values, the sum of precipitation; None: no hour is known.
    `missing_hours`: of so many the temperature or the precipitation is not known, so that sums
    and extremes may be larger.
    """

    starts_at: datetime
    ends_at: datetime
    is_night: bool
    missing_hours: int
    low_c: float | None
    high_c: float | None
    precipitation_mm: float | None
    snowfall_cm: float | None
    probability: float | None  # of precipitation, 0..1, in its likeliest hour
    wind_ms: float | None
    gust_ms: float | None
    weather_code: int | None

    @property
    def is_partial(self) -> bool:
        return self.missing_hours > 0


@dataclass(frozen=True, slots=True)
class Day:
    """A date with its day and the night after it; None: over, or not reached by the forecast."""

    date: date
    noon_at: datetime
    day: Half | None
    night: Half | None

    @property
    def halves(self) -> tuple[Half, ...]:
        return tuple(half for half in (self.day, self.night) if half)

    @property
    def low_c(self) -> float | None:
        return min(_known(half.low_c for half in self.halves), default=None)

    @property
    def high_c(self) -> float | None:
        return max(_known(half.high_c for half in self.halves), default=None)

    @property
    def precipitation_mm(self) -> float | None:
        known = _known(half.precipitation_mm for half in self.halves)
        return sum(known) if known else None

    @property
    def snowfall_cm(self) -> float | None:
        known = _known(half.snowfall_cm for half in self.halves)
        return sum(known) if known else None

    @property
    def probability(self) -> float | None:
        return max(_known(half.probability for half in self.halves), default=None)

    @property
    def gust_ms(self) -> float | None:
        return max(_known(half.gust_ms for half in self.halves), default=None)

    @property
    def wind_ms(self) -> float | None:
        return max(_known(half.wind_ms for half in self.halves), default=None)

    @property
    def is_partial(self) -> bool:
        return any(half.is_partial for half in self.halves)


def split_days(
    series: Series, *, now: datetime, zone: tzinfo, count: int = DAYS
) -> tuple[Day, ...]:
    """The next `count` dates of which anything is known, from the half that is under way at `now`."""
    ends_at = series.first_at + (len(series.hours()) - 1) * HOUR
    first = now.astimezone(zone).date() - timedelta(days=1)  # before six it is still its night
    dates = (first + timedelta(days=number) for number in range(count + 2))
    days = (_make_day(day, series, now=now, until=ends_at, zone=zone) for day in dates)
    return tuple(day for day in days if day.halves)[:count]


def _make_day(day: date, series: Series, *, now: datetime, until: datetime, zone: tzinfo) -> Day:
    morning_at, evening_at = _at(day, MORNING, zone), _at(day, EVENING, zone)
    next_at = _at(day + timedelta(days=1), MORNING, zone)
    halves = [
        _make_half(series, starts_at, ends_at, now=now, until=until, is_night=is_night)
        for starts_at, ends_at, is_night in (
            (morning_at, evening_at, False),
            (evening_at, next_at, True),
        )
    ]
    return Day(day, _at(day, time(12), zone), *halves)


def _make_half(
    series: Series,
    starts_at: datetime,
    ends_at: datetime,
    *,
    now: datetime,
    until: datetime,
    is_night: bool,
) -> Half | None:
    after = max(starts_at, now, series.first_at - HOUR)
    if min(ends_at, until) - after < LEAST_HOURS * HOUR:
        return None
    temperatures = _read(series, "temperature_c", after, ends_at)
    amounts = _read(series, "precipitation_mm", after, ends_at)
    if not temperatures and not amounts:
        return None
    hours = _count_hours(series, after, ends_at)
    return Half(
        starts_at=starts_at,
        ends_at=ends_at,
        is_night=is_night,
        missing_hours=hours - min(len(temperatures), len(amounts)),
        low_c=min(temperatures, default=None),
        high_c=max(temperatures, default=None),
        precipitation_mm=sum(amounts) if amounts else None,
        snowfall_cm=_sum(_read(series, "snowfall_cm", after, ends_at)),
        probability=max(_read(series, "precipitation_probability", after, ends_at), default=None),
        wind_ms=max(_read(series, "wind_speed_ms", after, ends_at), default=None),
        gust_ms=max(_read(series, "wind_gust_ms", after, ends_at), default=None),
        weather_code=pick_code(_read(series, "weather_code", after, ends_at)),
    )


def _count_hours(series: Series, after: datetime, until: datetime) -> int:
    """How many of the series' full hours are in (after, until], whether known or not."""
    return (until - series.first_at) // HOUR - (after - series.first_at) // HOUR


def _read(series: Series, name: str, after: datetime, until: datetime) -> list[float]:
    return list(series.known(name, after=after, until=until).values)


def _sum(values: list[float]) -> float | None:
    return sum(values) if values else None


def _known(values: Iterator[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _at(day: date, clock: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
