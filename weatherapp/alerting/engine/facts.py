"""What is known of a place's weather when its rules are applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from weatherapp.domain import rain
from weatherapp.domain.conditions import Basis
from weatherapp.domain.probability_parts import ProbabilityParts
from weatherapp.domain.series import Series

# Older facts are none. Readings come hourly; a source's runs count for longer than one hour.
FRESH: Mapping[Basis, timedelta] = {
    Basis.MEASURED: timedelta(hours=3),
    Basis.FORECAST: timedelta(hours=6),
    Basis.PROBABILITY: timedelta(hours=3),
}


@dataclass(frozen=True, slots=True)
class Measured:
    """Readings up to `newest_at`; hours behind it in `series` have not happened yet."""

    series: Series
    newest_at: datetime
    source: str = ""


@dataclass(frozen=True, slots=True)
class Forecast:
    """One run of the source, as of `run_at`."""

    series: Series
    run_at: datetime
    source: str = ""


@dataclass(frozen=True, slots=True)
class Prediction:
    """The blend's probabilities of wet hours after `window_end_at`, hour 1 first.

    `parts` are for the evidence: nothing is decided by them.
    """

    window_end_at: datetime
    hourly_probability: Sequence[float]
    probability_any_6h: float
    probability_any_24h: float
    model_name: str = ""
    model_version: str = ""
    prediction_id: int | None = None
    parts: ProbabilityParts | None = None

    def probability_any(self, first: int, last: int) -> float:
        """P(any wet hour among hours `first` to `last` after the window), 1 <= first <= last <= 24."""
        total = rain.to_hazard(self._any_within(last))
        before = rain.to_hazard(self._any_within(first - 1)) if first > 1 else 0.0
        hours = self.hourly_probability[first - 1 : last]
        return max(rain.from_hazard(max(total - before, 0.0)), *hours)

    def _any_within(self, hours: int) -> float:
        return rain.probability_any_within(
            hours,
            hourly_probability=self.hourly_probability,
            probability_any_6h=self.probability_any_6h,
            probability_any_24h=self.probability_any_24h,
        )


@dataclass(frozen=True, slots=True)
class Facts:
    """None: there is nothing, whatever the reason. `zone` is the place's.

    Of a place that is fetched rarely facts are believed for `fresh_longer`.
    """

    measured: Measured | None = None
    forecast: Forecast | None = None
    prediction: Prediction | None = None
    zone: tzinfo = UTC
    fresh_longer: timedelta = timedelta(0)

    def made_at(self, basis: Basis) -> datetime | None:
        """Of when the facts of `basis` are: newest reading, run, or end of the window."""
        if basis is Basis.MEASURED:
            return self.measured.newest_at if self.measured else None
        if basis is Basis.FORECAST:
            return self.forecast.run_at if self.forecast else None
        return self.prediction.window_end_at if self.prediction else None

    def is_fresh(self, basis: Basis, now: datetime) -> bool:
        made_at = self.made_at(basis)
        return made_at is not None and now - made_at <= FRESH[basis] + self.fresh_longer
