"""What the hours to come bring, as codes and numbers that templates make sentences of. Pure.

It never says more than the forecast: precipitation that is less likely than not is POSSIBLE, and
so is all thunder, which has no probability of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from weatherapp.domain.series import Series
from weatherapp.domain.sky import THUNDER
from weatherapp.domain.spans import HOUR, Span, floor_hour
from weatherapp.domain.story_spells import Spell, find_spells, read_hours

STORY_HOURS = 24
# Gusts from here on are worth a word: the German weather service warns of 50 km/h
# (https://www.dwd.de, Warnkriterien, Windböen); wind of force 6, a strong breeze, where no gust is known.
NOTABLE_GUST_MS = 13.9
NOTABLE_WIND_MS = 10.8
FROST_C = 0.0
SNOW_BELOW_C = 3.0  # where it gets as cold as that, "no rain" would leave snow open


@dataclass(frozen=True, slots=True)
class Peak:
    """The largest value, or the smallest, and the full hour that it is of."""

    value: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Story:
    """Of the hours in (now_at, until_at], to be told in `zone`.

    `spells`: of precipitation, in the order of time, at most two; the first is expected where any
    is. `highest_probability` is that of the likeliest hour, 0..1; None: no probability is known.
    `ends_early`: the forecast ends before the STORY_HOURS are over.
    """

    zone: tzinfo
    now_at: datetime
    until_at: datetime
    ends_early: bool
    knows_precipitation: bool
    is_partial: bool
    spells: tuple[Spell, ...]
    highest_probability: float | None
    thunder: Span | None
    gust: Peak | None
    wind: Peak | None
    lowest: Peak | None
    highest: Peak | None
    is_snow_possible: bool

    @property
    def is_dry(self) -> bool:
        """Nothing is expected, nor likely enough to be told."""
        return self.knows_precipitation and not self.spells

    @property
    def has_frost(self) -> bool:
        return self.lowest is not None and self.lowest.value < FROST_C


def tell_story(
    series: Series,
    *,
    now: datetime,
    zone: tzinfo,
    probabilities: Mapping[datetime, float] | None = None,
) -> Story | None:
    """None where nothing is known of the hours to come.

    `probabilities`, 0..1, are of the hours that end at their keys: where they are given they count
    instead of the series' own.
    """
    now_at, until_at = floor_hour(now), floor_hour(now) + STORY_HOURS * HOUR
    hours = read_hours(series, after=now_at, until=until_at, probabilities=probabilities or {})
    if not hours:
        return None
    chances = [hour.probability for hour in hours if hour.probability is not None]
    fall_known = sum(hour.is_fall_known for hour in hours)
    lowest = _peak(series, "temperature_c", now_at, until_at, sign=-1)
    gust = _peak(series, "wind_gust_ms", now_at, until_at)
    wind = None if gust else _peak(series, "wind_speed_ms", now_at, until_at)
    return Story(
        zone=zone,
        now_at=now_at,
        until_at=hours[-1].ends_at,
        ends_early=hours[-1].ends_at < until_at,
        knows_precipitation=fall_known > 0,
        is_partial=0 < fall_known < (hours[-1].ends_at - now_at) // HOUR,
        spells=find_spells(hours, now_at=now_at),
        highest_probability=max(chances, default=None),
        thunder=_find_thunder(series, now_at, until_at),
        gust=gust if gust and gust.value >= NOTABLE_GUST_MS else None,
        wind=wind if wind and wind.value >= NOTABLE_WIND_MS else None,
        lowest=lowest,
        highest=_peak(series, "temperature_c", now_at, until_at),
        is_snow_possible=lowest is not None and lowest.value < SNOW_BELOW_C,
    )


def _find_thunder(series: Series, after: datetime, until: datetime) -> Span | None:
    """From the beginning of the first such hour to the end of the last."""
    codes = series.known("weather_code", after=after, until=until)
    span = codes.span_of(lambda code: code in THUNDER)
    return Span(span.starts_at - HOUR, span.ends_at) if span else None


def _peak(
    series: Series, name: str, after: datetime, until: datetime, *, sign: int = 1
) -> Peak | None:
    """The first of the largest values; with sign -1 of the smallest."""
    known = series.known(name, after=after, until=until)
    at, value = max(known, key=lambda pair: sign * pair[1], default=(None, 0.0))
    return Peak(value, at) if at else None
