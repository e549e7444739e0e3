"""What readers may want to read in: systems of units, and wind in a unit of its own. Pure."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class UnitSystem(StrEnum):
    METRIC = "metric"
    UK = "uk"  # metric, and wind in miles an hour
    US = "us"


class WindUnit(StrEnum):
    MS = "ms"
    KMH = "kmh"
    MPH = "mph"
    KN = "kn"
    BFT = "bft"


class Units(NamedTuple):
    """A reader's choice. Without a choice of its own, wind is in what is usual in the system."""

    system: UnitSystem = UnitSystem.METRIC
    wind: WindUnit | None = None

    @property
    def wind_unit(self) -> WindUnit:
        return self.wind or USUAL_WIND[self.system]

    def __str__(self) -> str:
        """As cookies and addresses say it: read_units reads it again."""
        return f"{self.system}-{self.wind}" if self.wind else str(self.system)


@dataclass(frozen=True, slots=True)
class DisplayUnit:
    """From the project's unit to a reader's: value * factor + offset, with `digits` decimals."""

    symbol: str
    factor: float = 1.0
    offset: float = 0.0
    digits: int = 0

    def convert(self, value: float) -> float:
        return value * self.factor + self.offset


class Beaufort(DisplayUnit):
    """A scale of thirteen steps: no factor leads to it."""

    def convert(self, value: float) -> float:
        return bisect_right(BEAUFORT_MS, value)


USUAL_WIND = {
    UnitSystem.METRIC: WindUnit.MS,
    UnitSystem.UK: WindUnit.MPH,
    UnitSystem.US: WindUnit.MPH,
}
# Where forces 1 to 12 begin, in m/s (https://www.wmo.int, Manual on Codes, table 1100).
BEAUFORT_MS = (0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7)
WIND = {
    WindUnit.MS: DisplayUnit("m/s", digits=1),
    WindUnit.KMH: DisplayUnit("km/h", factor=3.6),
    WindUnit.MPH: DisplayUnit("mph", factor=2.23694),
    WindUnit.KN: DisplayUnit("kn", factor=1.94384),
    WindUnit.BFT: Beaufort("Bft"),
}


def read_units(text: str) -> Units | None:
    """None for what is none."""
    system, _, wind = text.partition("-")
    try:
        return Units(UnitSystem(system), WindUnit(wind) if wind else None)
    except ValueError:
        return None
