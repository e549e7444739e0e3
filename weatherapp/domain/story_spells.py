"""Spells of rain and snow among the hours to come. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from weatherapp.domain.quantities import is_wet
from weatherapp.domain.series import Series
from weatherapp.domain.spans import HOUR

LIKELY, WORTH_A_WORD = 0.5, 0.3  # of an hour's probability
DOUBTED = 0.15  # an amount in an hour that is less likely than that is not told
DRY_BETWEEN = 2  # hours: with so many at most, it is one spell with breaks
MOST_SPELLS = 2
# A peak is told where a spell is long and uneven enough to have one.
PEAK_FROM_MM, PEAK_FROM_HOURS, PEAK_SHARE, PEAK_OVER_MEAN, LONGEST_PEAK = 1.0, 3, 0.8, 1.4, 3
LIGHT_MM, LIGHT_CM = 1.0, 0.5  # less in all is told without a number
# Open-Meteo's own: 7 cm of fresh snow are 10 mm of water (https://open-meteo.com/en/docs).
SNOW_CM_OF_A_MM = 0.7
MOSTLY = 0.7  # of the water: then it is snow
SNOW_CODES = (71, 73, 75, 77, 85, 86)
FREEZING_CODES = (56, 57, 66, 67)


class Fall(StrEnum):
    """What falls."""

    RAIN = "RAIN"
    SNOW = "SNOW"
    SNOW_AND_RAIN = "SNOW_AND_RAIN"
    FREEZING_RAIN = "FREEZING_RAIN"


@dataclass(frozen=True, slots=True)
class FallHour:
    """What is known of the precipitation of one hour; None: unknown."""

    ends_at: datetime
    amount_mm: float | None
    snowfall_cm: float | None
    probability: float | None
    code: float | None

    @property
    def is_fall_known(self) -> bool:
        return self.amount_mm is not None or self.probability is not None

    @property
    def is_expected(self) -> bool:
        """More likely than not; where no probability is known, as the amount says."""
        if self.probability is not None:
            return self.probability >= LIKELY
        return self._has_amount

    @property
    def is_possible(self) -> bool:
        """Worth a word, whether it is expected or not."""
        if self.probability is None:
            return self._has_amount
        needed = DOUBTED if self._has_amount else WORTH_A_WORD
        return self.probability >= needed

    @property
    def _has_amount(self) -> bool:
        return self.amount_mm is not None and is_wet(self.amount_mm)


@dataclass(frozen=True, slots=True)
class Spell:
    """Precipitation from `starts_at` to `ends_at`; amounts are sums, None: too little, or unknown.

    `is_expected` is False where it is less likely than not. `is_under_way`: from the running hour
    on; `goes_on`: up to the end of what is known. `peak_starts_at` and `peak_ends_at`: the hours
    with by far the most, where there are such.
    """

    fall: Fall
    is_expected: bool
    starts_at: datetime
    ends_at: datetime
    is_under_way: bool
    goes_on: bool
    has_breaks: bool
    amount_mm: float | None
    snowfall_cm: float | None
    peak_starts_at: datetime | None
    peak_ends_at: datetime | None


def read_hours(
    series: Series, *, after: datetime, until: datetime, probabilities: Mapping[datetime, float]
) -> tuple[FallHour, ...]:
    """The hours of (after, until] up to the last of which anything is known."""
    hours, known = [], 0
    for number in range(1, (until - after) // HOUR + 1):
        at = after + number * HOUR
        values = series.at(at)
        own = values.get("precipitation_probability")
        hour = FallHour(
            at,
            values.get("precipitation_mm"),
            values.get("snowfall_cm"),
            probabilities.get(at, own),
            values.get("weather_code"),
        )
        hours.append(hour)
        known = number if values or hour.is_fall_known else known
    return tuple(hours[:known])


def find_spells(hours: Sequence[FallHour], *, now_at: datetime) -> tuple[Spell, ...]:
    """The first expected one, and the next, or a possible one that is apart from it."""
    expected = _group([index for index, hour in enumerate(hours) if hour.is_expected])
    possible = _group([index for index, hour in enumerate(hours) if hour.is_possible])
    if len(expected) > MOST_SPELLS:
        expected = [[index for group in expected for index in group]]
    apart = [group for group in possible if not _meets_any(group, expected)]
    groups = [(group, True) for group in expected] + [(group, False) for group in apart]
    told = sorted(groups[:MOST_SPELLS], key=lambda pair: pair[0][0])
    return tuple(_make_spell(hours, group, sure, now_at) for group, sure in told)


def _group(indexes: Sequence[int]) -> list[list[int]]:
    """Indexes with at most DRY_BETWEEN others between them belong together."""
    groups: list[list[int]] = []
    for index in indexes:
        if groups and index - groups[-1][-1] <= DRY_BETWEEN + 1:
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


def _meets_any(group: Sequence[int], others: Sequence[Sequence[int]]) -> bool:
    return any(group[0] <= other[-1] and other[0] <= group[-1] for other in others)


def _make_spell(
    hours: Sequence[FallHour], group: Sequence[int], is_expected: bool, now_at: datetime
) -> Spell:
    first, last = group[0], group[-1]
    within = hours[first : last + 1]
    amount_mm = sum(hour.amount_mm or 0.0 for hour in within)
    snowfall_cm = sum(hour.snowfall_cm or 0.0 for hour in within)
    peak = _find_peak(within) if is_expected else None
    return Spell(
        fall=_name_fall(within, amount_mm, snowfall_cm),
        is_expected=is_expected,
        starts_at=within[0].ends_at - HOUR,
        ends_at=within[-1].ends_at,
        is_under_way=within[0].ends_at - HOUR == now_at,
        goes_on=last == len(hours) - 1,
        has_breaks=len(group) < len(within),
        amount_mm=amount_mm if amount_mm >= LIGHT_MM else None,
        snowfall_cm=snowfall_cm if snowfall_cm >= LIGHT_CM else None,
        peak_starts_at=within[peak[0]].ends_at - HOUR if peak else None,
        peak_ends_at=within[peak[1]].ends_at if peak else None,
    )


def _find_peak(within: Sequence[FallHour]) -> tuple[int, int] | None:
    """First and last index of the hours around the wettest that have nearly as much."""
    amounts = [hour.amount_mm or 0.0 for hour in within]
    most = max(amounts)
    mean = sum(amounts) / len(amounts)
    if len(amounts) < PEAK_FROM_HOURS or most < max(PEAK_FROM_MM, PEAK_OVER_MEAN * mean):
        return None
    first = last = amounts.index(most)
    while first > 0 and amounts[first - 1] >= PEAK_SHARE * most:
        first -= 1
    while last + 1 < len(amounts) and amounts[last + 1] >= PEAK_SHARE * most:
        last += 1
    return (first, last) if last - first < LONGEST_PEAK else None


def _name_fall(within: Sequence[FallHour], amount_mm: float, snowfall_cm: float) -> Fall:
    """By what the hours are called, and by how much of the water falls as snow."""
    codes = [hour.code for hour in within if hour.code is not None]
    if any(code in FREEZING_CODES for code in codes):
        return Fall.FREEZING_RAIN
    snow_mm = snowfall_cm / SNOW_CM_OF_A_MM
    if snow_mm > 0:
        return Fall.SNOW if snow_mm >= MOSTLY * amount_mm else Fall.SNOW_AND_RAIN
    snowy, falling = sum(code in SNOW_CODES for code in codes), sum(code >= 51 for code in codes)
    if not snowy:
        return Fall.RAIN
    return Fall.SNOW if snowy == falling else Fall.SNOW_AND_RAIN
