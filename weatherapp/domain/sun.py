"""When the sun rises and sets, within a minute or so. Pure.

The formulas are NOAA's (https://gml.noaa.gov/grad/solcalc/calcdetails.html, after Meeus): at
heights near the sea's, with a free horizon. Beyond the polar circles refraction of the day may
move a time by many minutes, and so may a mountain anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from math import acos, asin, atan2, cos, degrees, radians, sin, tan

J2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
CENTURY = timedelta(days=36_525)
# The sun's upper edge is on the horizon: 34' of refraction and its own radius of 16'.
HORIZON_DEG = -0.833
PASSES = 3  # each starts from the last one's time: the third moves it by less than a second


class SunState(StrEnum):
    RISES_AND_SETS = "RISES_AND_SETS"
    UP_ALL_DAY = "UP_ALL_DAY"
    DOWN_ALL_DAY = "DOWN_ALL_DAY"


@dataclass(frozen=True, slots=True)
class SunDay:
    """Of the day whose noon it is: in high summer the sun may set after midnight.

    Times are None where the sun does not cross the horizon.
    """

    state: SunState
    highest_at: datetime
    rises_at: datetime | None = None
    sets_at: datetime | None = None

    @property
    def length(self) -> timedelta | None:
        """How long the sun is up; None where it does not rise or set."""
        return self.sets_at - self.rises_at if self.sets_at and self.rises_at else None


@dataclass(frozen=True, slots=True)
class _Sun:
    """Its declination, in radians, and how far a sundial is ahead of a clock, in minutes."""

    declination: float
    equation_minutes: float


def find_sun_day(day: date, *, latitude: float, longitude: float, zone: tzinfo) -> SunDay:
    """The sun of a local day: of its passage through the meridian that is nearest to 12:00."""
    noon_at = datetime(day.year, day.month, day.day, 12, tzinfo=zone).astimezone(UTC)
    highest_at = _find_highest(noon_at, longitude)
    angle = _find_hour_angle(highest_at, latitude)
    if angle is None:
        is_up = not is_night(highest_at, latitude=latitude, longitude=longitude)
        return SunDay(SunState.UP_ALL_DAY if is_up else SunState.DOWN_ALL_DAY, highest_at)
    rises_at = _find_crossing(highest_at, latitude, longitude, side=-1)
    sets_at = _find_crossing(highest_at, latitude, longitude, side=1)
    return SunDay(SunState.RISES_AND_SETS, highest_at, rises_at, sets_at)


def is_night(at: datetime, *, latitude: float, longitude: float) -> bool:
    """Whether the sun is below the horizon."""
    return find_height_deg(at, latitude=latitude, longitude=longitude) < HORIZON_DEG


def find_height_deg(at: datetime, *, latitude: float, longitude: float) -> float:
    """Of the sun's centre over the horizon, without refraction, -90..90."""
    sun = _find_sun(at)
    utc = at.astimezone(UTC)
    minutes = utc.hour * 60 + utc.minute + utc.second / 60
    hour_angle = radians((minutes + sun.equation_minutes) / 4 + longitude - 180)
    north = radians(latitude)
    sine = sin(north) * sin(sun.declination) + cos(north) * cos(sun.declination) * cos(hour_angle)
    return degrees(asin(max(-1.0, min(1.0, sine))))


def _find_highest(near_at: datetime, longitude: float) -> datetime:
    """The passage through the meridian that is nearest to `near_at`."""
    midday = near_at.replace(hour=12, minute=0, second=0, microsecond=0)
    first = midday - timedelta(minutes=4 * longitude + _find_sun(near_at).equation_minutes)
    return first + round((near_at - first) / DAY) * DAY


def _find_crossing(
    highest_at: datetime, latitude: float, longitude: float, *, side: int
) -> datetime:
    """The horizon's crossing before (-1) or after (1) the sun is highest."""
    at = highest_at
    for _ in range(PASSES):
        angle = _find_hour_angle(at, latitude)
        if angle is None:  # on the last day before the sun stays up or down
            return at
        drift = _find_sun(highest_at).equation_minutes - _find_sun(at).equation_minutes
        at = highest_at + timedelta(minutes=side * 4 * angle + drift)
    return at


def _find_hour_angle(at: datetime, latitude: float) -> float | None:
    """Degrees between noon and the horizon, 0..180, by the declination at `at`; None: no crossing."""
    declination, north = _find_sun(at).declination, radians(latitude)
    below = cos(north) * cos(declination)
    if abs(below) < 1e-9:  # at a pole
        return None
    cosine = sin(radians(HORIZON_DEG)) / below - tan(north) * tan(declination)
    return degrees(acos(cosine)) if -1 <= cosine <= 1 else None


def _find_sun(at: datetime) -> _Sun:
    century = (at - J2000) / CENTURY
    mean_longitude = radians((280.46646 + century * (36000.76983 + century * 0.0003032)) % 360)
    anomaly = radians(357.52911 + century * (35999.05029 - 0.0001537 * century))
    center = (
        sin(anomaly) * (1.914602 - century * (0.004817 + 0.000014 * century))
        + sin(2 * anomaly) * (0.019993 - 0.000101 * century)
        + sin(3 * anomaly) * 0.000289
    )
    node = radians(125.04 - 1934.136 * century)
    longitude = mean_longitude + radians(center - 0.00569 - 0.00478 * sin(node))
    tilt = radians(23.439291 - century * 0.0130042 + 0.00256 * cos(node))
    right_ascension = atan2(cos(tilt) * sin(longitude), cos(longitude))
    # Mean longitude less right ascension, within half a turn of nothing; 4 minutes a degree.
    ahead = degrees(mean_longitude - radians(0.0057183) - right_ascension)
    equation_minutes = 4 * ((ahead + 180) % 360 - 180)
    return _Sun(asin(sin(tilt) * sin(longitude)), equation_minutes)
