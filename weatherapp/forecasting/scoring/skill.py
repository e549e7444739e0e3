"""Counts what was said of hours against what came, for one place or all. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

BINS = 10  # of the site's probabilities, each a tenth wide
Bin = tuple[int, float, int]  # cases, sum of what was said, wet cases


@dataclass(frozen=True, slots=True)
class SaidHour:
    """What was said about the hour that ends at `ends_at`, 0..1 each, and what came.

    `source` None: it said nothing. `climatology` is what the place's own past says.
    """

    ends_at: datetime
    model: float
    site: float
    climatology: float
    is_wet: bool
    source: float | None = None


@dataclass(slots=True)
class SkillSums:
    """Of a year's hours; squared errors are sums."""

    cases: int = 0
    wet_cases: int = 0
    model_squared_error: float = 0.0
    source_squared_error: float = 0.0
    site_squared_error: float = 0.0
    climatology_squared_error: float = 0.0
    bins: list[Bin] = field(default_factory=lambda: [(0, 0.0, 0)] * BINS)
    since_at: datetime | None = None
    until_at: datetime | None = None

    def add(self, said: SaidHour) -> None:
        self.cases += 1
        self.wet_cases += said.is_wet
        self.model_squared_error += (said.model - said.is_wet) ** 2
        if said.source is not None:
            self.source_squared_error += (said.source - said.is_wet) ** 2
        self.site_squared_error += (said.site - said.is_wet) ** 2
        self.climatology_squared_error += (said.climatology - said.is_wet) ** 2
        index = min(int(said.site * BINS), BINS - 1)
        self.bins[index] = _add(self.bins[index], (1, said.site, int(said.is_wet)))
        self._reach(said.ends_at, said.ends_at)

    def absorb(self, other: SkillSums) -> None:
        """What `other` counted too."""
        self.cases += other.cases
        self.wet_cases += other.wet_cases
        self.model_squared_error += other.model_squared_error
        self.source_squared_error += other.source_squared_error
        self.site_squared_error += other.site_squared_error
        self.climatology_squared_error += other.climatology_squared_error
        pairs = zip(self.bins, other.bins, strict=True)
        self.bins = [_add(mine, theirs) for mine, theirs in pairs]
        if other.since_at is not None and other.until_at is not None:
            self._reach(other.since_at, other.until_at)

    def brier(self, squared_error: float) -> float | None:
        """The mean squared error; None without a case."""
        return squared_error / self.cases if self.cases else None

    def skill(self, squared_error: float) -> float | None:
        """1 is perfect, 0 is no better than climatology; None where that made no error."""
        if self.climatology_squared_error <= 0.0:
            return None
        return 1.0 - squared_error / self.climatology_squared_error

    def _reach(self, since_at: datetime, until_at: datetime) -> None:
        self.since_at = min(self.since_at or since_at, since_at)
        self.until_at = max(self.until_at or until_at, until_at)


def _add(first: Bin, second: Bin) -> Bin:
    return first[0] + second[0], first[1] + second[1], first[2] + second[2]
