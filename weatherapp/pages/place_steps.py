"""The next 24 hours of a place in eight steps: what its source forecasts, and how likely rain is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from weatherapp.alerting.engine.facts import Facts
from weatherapp.domain.conditions import Basis
from weatherapp.domain.series import Series
from weatherapp.domain.spans import HOUR, floor_hour
from weatherapp.domain.sun import is_night
from weatherapp.models import Place
from weatherapp.pages.outlook import Outlook
from weatherapp.pages.words import RAIN_LIKELY, name_chance

STEPS = 8
STEP_HOURS = 3


@dataclass(frozen=True, slots=True)
class Step:
    """STEP_HOURS hours; None where nothing is known of them, or of a part of a sum."""

    starts_at: datetime
    ends_at: datetime
    is_night: bool  # in its middle
    weather_code: float | None  # the worst
    temperature_c: float | None  # at its start
    probability: float | None  # of rain in its likeliest hour
    precipitation_mm: float | None
    wind_gust_ms: float | None  # the strongest

    @property
    def is_wet(self) -> bool:
        return self.probability is not None and name_chance(self.probability) in RAIN_LIKELY


@dataclass(frozen=True)
class Steps:
    """A kind of value that is known of no step has no row."""

    steps: tuple[Step, ...]

    def __bool__(self) -> bool:
        return any((self.has_weather, self.has_temperature, self.has_probability, self.has_amount))

    @cached_property
    def has_weather(self) -> bool:
        return self._has("weather_code")

    @cached_property
    def has_temperature(self) -> bool:
        return self._has("temperature_c")

    @cached_property
    def has_probability(self) -> bool:
        return self._has("probability")

    @cached_property
    def has_amount(self) -> bool:
        """Of nothing but dry steps there is nothing to say."""
        return any(step.precipitation_mm for step in self.steps)

    @cached_property
    def has_gust(self) -> bool:
        return self._has("wind_gust_ms")

    @property
    def weather_code(self) -> float | None:
        """Now."""
        return self.steps[0].weather_code

    def _has(self, name: str) -> bool:
        return any(getattr(step, name) is not None for step in self.steps)


def make_steps(facts: Facts, outlook: Outlook | None, *, place: Place, now: datetime) -> Steps:
    """The site's probability where it has a fresh one, else the source's own.

    `now` is the place's clock.
    """
    series = (
        facts.forecast.series if facts.forecast and facts.is_fresh(Basis.FORECAST, now) else None
    )
    ours = {hour.ends_at: hour.probability for hour in outlook.hours} if outlook else {}
    first_at = floor_hour(now)
    starts = (first_at + index * STEP_HOURS * HOUR for index in range(STEPS))
    return Steps(tuple(_make_step(series, ours, start, place) for start in starts))


def _make_step(
    series: Series | None, ours: Mapping[datetime, float], starts_at: datetime, place: Place
) -> Step:
    ends_at = starts_at + STEP_HOURS * HOUR

    def of(name: str, summary: Callable[[list[float]], float], *, least: int = 1) -> float | None:
        values = _known(series, name, starts_at, ends_at)
        return summary(values) if len(values) >= least else None

    likely = [ours[at] for at in _hours(starts_at) if at in ours]
    return Step(
        starts_at=starts_at,
        ends_at=ends_at,
        is_night=is_night_at(place, starts_at + (ends_at - starts_at) / 2),
        weather_code=of("weather_code", max),
        temperature_c=_at_start(series, "temperature_c", starts_at),
        probability=max(likely) if likely else of("precipitation_probability", max),
        precipitation_mm=of("precipitation_mm", sum, least=STEP_HOURS),
        wind_gust_ms=of("wind_gust_ms", max),
    )


def is_night_at(place: Place, at: datetime) -> bool:
    return is_night(at, latitude=place.latitude, longitude=place.longitude)


def _hours(starts_at: datetime) -> tuple[datetime, ...]:
    """What the step's hours end at."""
    return tuple(starts_at + (index + 1) * HOUR for index in range(STEP_HOURS))


def _known(series: Series | None, name: str, after: datetime, until: datetime) -> list[float]:
    return series.known(name, after=after, until=until).values if series else []


def _at_start(series: Series | None, name: str, starts_at: datetime) -> float | None:
    """A run may begin an hour after now."""
    ends_at = starts_at + STEP_HOURS * HOUR
    return next(iter(_known(series, name, starts_at - HOUR, ends_at)), None)
