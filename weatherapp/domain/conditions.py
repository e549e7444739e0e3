"""What a rule's condition is: a quantity, where its hours come from, what is made of them, levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from weatherapp.domain.cap import LEVELS, Severity
from weatherapp.domain.quantities import BY_NAME, Quantity

# Numbers are compared as people read them: .6 - .1 must reach .5, not miss it by 1e-17.
TOLERANCE = 1e-9


class Basis(StrEnum):
    """Where the hours come from."""

    MEASURED = "MEASURED"  # the past hours, as they were read
    FORECAST = "FORECAST"  # the next hours, as the source forecasts them
    PROBABILITY = "PROBABILITY"  # the next hours, as the blend of model and source says


class Aggregation(StrEnum):
    """What is made of the hours."""

    MAXIMUM = "MAXIMUM"
    MINIMUM = "MINIMUM"
    SUM = "SUM"
    MEAN = "MEAN"
    CHANGE = "CHANGE"  # the last hour's value less the first one's
    ANY_CODE = "ANY_CODE"  # how many of the hours have one of the level's weather codes
    ANY_WET = "ANY_WET"  # the probability that any of the hours is wet


class Comparison(StrEnum):
    """Which side of a threshold raises."""

    AT_LEAST = "AT_LEAST"
    AT_MOST = "AT_MOST"

    def reaches(self, value: float, threshold: float) -> bool:
        if self is Comparison.AT_LEAST:
            return value >= threshold - TOLERANCE
        return value <= threshold + TOLERANCE


@dataclass(frozen=True, slots=True)
class Level:
    """How bad it is from `threshold` on; what has reached it stays until `recovery_threshold` is left.

    Both in the quantity's unit. Of weather codes: `codes`, and thresholds of one hour.
    """

    severity: Severity
    threshold: float
    recovery_threshold: float
    codes: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Condition:
    """Levels in the order of their severity; the lowest severity is that of the whole rule."""

    quantity_name: str
    basis: Basis
    hours: int
    aggregation: Aggregation
    comparison: Comparison
    levels: tuple[Level, ...]

    @property
    def quantity(self) -> Quantity:
        return BY_NAME[self.quantity_name]

    @property
    def all_codes(self) -> frozenset[int]:
        return frozenset().union(*(level.codes for level in self.levels))

    def level_at(self, severity: Severity) -> Level | None:
        """What this condition asks for at `severity`: its own level, else the next lower one."""
        for level in reversed(self.levels):
            if level.severity.rank <= severity.rank:
                return level
        return None


def of_code(severity: Severity, codes: frozenset[int]) -> Level:
    """A level that one hour with any of `codes` reaches."""
    return Level(severity, threshold=1.0, recovery_threshold=1.0, codes=codes)


def sort_levels(levels: Mapping[Severity, Level]) -> tuple[Level, ...]:
    """As a condition holds them."""
    return tuple(levels[severity] for severity in LEVELS if severity in levels)
