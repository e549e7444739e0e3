"""The hours to come, one line each: what a table shows that is a chart as well. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial
from itertools import groupby
from zoneinfo import ZoneInfo

from weatherapp.alerting.rulebook import RuleInForce
from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import Aggregation, Basis, Condition
from weatherapp.domain.feels_like import feels_like_c
from weatherapp.domain.quantities import FORECAST_NAMES
from weatherapp.domain.series import Series
from weatherapp.domain.spans import HOUR, floor_hour
from weatherapp.domain.sun import is_night
from weatherapp.models import Place
from weatherapp.pages.outlook import Outlook, OutlookHour

HOURS = 24
FELT_C = 1.0  # nearer to the temperature than this, nobody feels it
# What one hour alone can reach; sums and means are of several.
OF_ONE_HOUR = (Aggregation.MAXIMUM, Aggregation.MINIMUM, Aggregation.ANY_CODE)


@dataclass(frozen=True, slots=True)
class Crossing:
    """A value that reaches a level of a rule in force."""

    rule: RuleInForce
    severity: Severity


@dataclass(frozen=True, slots=True)
class ThresholdMark:
    """A rule on any rain within some hours: its threshold, 0..1, and whether that is met."""

    rule: RuleInForce
    threshold: float
    hours: int
    is_met: bool

    @property
    def x(self) -> float:
        """% of the width."""
        return round(100 * self.threshold, 1)


@dataclass(frozen=True, slots=True)
class HourLine:
    """`values` as the source forecasts them, None: unknown; `chance` as the site predicts it."""

    starts_at: datetime
    ends_at: datetime
    is_night: bool
    values: Mapping[str, float | None]  # of all FORECAST_NAMES
    chance: OutlookHour | None
    thresholds: tuple[ThresholdMark, ...]
    crossings: Mapping[str, Crossing]  # by quantity

    @property
    def probability(self) -> float | None:
        if self.chance is not None:
            return self.chance.probability
        return self.values["precipitation_probability"]

    @property
    def is_sources_own(self) -> bool:
        return self.chance is None and self.probability is not None

    @property
    def bar(self) -> float:
        """% of the width."""
        return round(100 * (self.probability or 0.0), 1)

    @property
    def by_then_x(self) -> float | None:
        return None if self.chance is None else round(100 * self.chance.by_then, 1)

    @property
    def feels_like_c(self) -> float | None:
        """Where it differs from the temperature."""
        return find_felt(self.values)


@dataclass(frozen=True, slots=True)
class HourDay:
    """The hours of one local day."""

    day: date
    lines: tuple[HourLine, ...]


@dataclass(frozen=True)
class HourTable:
    days: tuple[HourDay, ...]
    thresholds: tuple[ThresholdMark, ...]
    quantities: frozenset[str]  # of which any hour has a value
    starts_at: datetime | None  # of what "any rain up to then" counts from

    @cached_property
    def lines(self) -> tuple[HourLine, ...]:
        return tuple(line for day in self.days for line in day.lines)

    @cached_property
    def has_chance(self) -> bool:
        return any(line.chance is not None for line in self.lines)

    @cached_property
    def has_sources_own(self) -> bool:
        return self.has_chance and any(line.is_sources_own for line in self.lines)

    @property
    def has_temperature(self) -> bool:
        return "temperature_c" in self.quantities

    @property
    def has_weather(self) -> bool:
        return "weather_code" in self.quantities

    @cached_property
    def has_wind(self) -> bool:
        return bool(self.quantities & {"wind_speed_ms", "wind_gust_ms"})

    @property
    def has_gusts(self) -> bool:
        return "wind_gust_ms" in self.quantities

    @property
    def has_night(self) -> bool:
        return any(line.is_night for line in self.lines)

    @property
    def feels_like(self) -> bool:
        return any(line.feels_like_c is not None for line in self.lines)

    @property
    def crossings(self) -> tuple[Crossing, ...]:
        """Each once."""
        found = (one for line in self.lines for one in line.crossings.values())
        return tuple(dict.fromkeys(found))


def make_hour_table(
    outlook: Outlook | None,
    series: Series | None,
    rules: Iterable[RuleInForce],
    *,
    now: datetime,
    zone: ZoneInfo,
    is_dark: Callable[[datetime], bool],
) -> HourTable | None:
    """From the hour of `now` on, the place's clock; None where nothing is known of any hour."""
    chances = {hour.ends_at: hour for hour in outlook.hours} if outlook else {}
    rules = list(rules)
    marks = tuple(_list_thresholds(rules, outlook)) if outlook else ()
    first_at = floor_hour(now)
    lines = []
    for index in range(HOURS):
        starts_at = first_at + index * HOUR
        values = series.at(starts_at + HOUR) if series else {}
        chance = chances.get(starts_at + HOUR)
        if not values and chance is None:
            continue
        lines.append(
            HourLine(
                starts_at=starts_at,
                ends_at=starts_at + HOUR,
                is_night=is_dark(starts_at + HOUR / 2),
                values={name: values.get(name) for name in FORECAST_NAMES},
                chance=chance,
                thresholds=_marks_of(marks, chance, outlook),
                crossings=_find_crossings(rules, values, index),
            )
        )
    if not lines:
        return None
    days = groupby(lines, lambda line: line.starts_at.astimezone(zone).date())
    return HourTable(
        days=tuple(HourDay(day, tuple(hours)) for day, hours in days),
        thresholds=marks,
        quantities=frozenset(
            name for line in lines for name, one in line.values.items() if one is not None
        ),
        starts_at=outlook.starts_at if outlook else None,
    )


def night_at(place: Place) -> Callable[[datetime], bool]:
    """Tells whether the sun is down at the place."""
    return partial(is_night, latitude=place.latitude, longitude=place.longitude)


def find_felt(values: Mapping[str, float | None]) -> float | None:
    """What an hour feels like, where that is known and differs from its temperature."""
    temperature_c = values.get("temperature_c")
    if temperature_c is None:
        return None
    felt_c = feels_like_c(temperature_c, values.get("wind_speed_ms"), values.get("dew_point_c"))
    return felt_c if felt_c is not None and abs(felt_c - temperature_c) >= FELT_C else None


def _list_thresholds(rules: Iterable[RuleInForce], outlook: Outlook) -> Iterable[ThresholdMark]:
    for rule in rules:
        for condition in rule.says.conditions:
            if condition.basis is Basis.PROBABILITY:
                threshold = condition.levels[0].threshold
                by_then = outlook.hours[condition.hours - 1].by_then
                is_met = condition.comparison.reaches(by_then, threshold)
                yield ThresholdMark(rule, threshold, condition.hours, is_met)


def _marks_of(
    marks: Sequence[ThresholdMark], chance: OutlookHour | None, outlook: Outlook | None
) -> tuple[ThresholdMark, ...]:
    """Those whose window reaches this hour."""
    if chance is None or outlook is None:
        return ()
    ahead = (chance.ends_at - outlook.starts_at) // HOUR
    return tuple(mark for mark in marks if ahead <= mark.hours)


def _find_crossings(
    rules: Iterable[RuleInForce], values: Mapping[str, float], index: int
) -> dict[str, Crossing]:
    """By quantity the worst level that this hour reaches, `index` hours from now."""
    found: dict[str, Crossing] = {}
    for rule in rules:
        for condition in rule.says.conditions:
            name = condition.quantity_name
            if not _looks_at(condition, index) or name not in values:
                continue
            severity = _severity_of(condition, values[name])
            if severity and (name not in found or severity.rank > found[name].severity.rank):
                found[name] = Crossing(rule, severity)
    return found


def _looks_at(condition: Condition, index: int) -> bool:
    return (
        condition.basis is Basis.FORECAST
        and condition.aggregation in OF_ONE_HOUR
        and index < condition.hours
    )


def _severity_of(condition: Condition, value: float) -> Severity | None:
    reached = [
        level.severity
        for level in condition.levels
        if (
            int(value) in level.codes
            if condition.aggregation is Aggregation.ANY_CODE
            else condition.comparison.reaches(value, level.threshold)
        )
    ]
    return max(reached, key=lambda severity: severity.rank, default=None)
