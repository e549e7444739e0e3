"""The weights in force, and learning them from the tallies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from weatherapp.forecasting.pool import BANDS, Band, Weights
from weatherapp.forecasting.pool_fit import fit_weights
from weatherapp.forecasting.tally import Tally
from weatherapp.forecasting.tally_rows import read_tally
from weatherapp.models import PoolTally, PoolWeight

HOURS_NEEDED = 300  # observed hours; fewer say more about one week's weather than about the parts
KEPT_WEEKS = 13


@dataclass(frozen=True, slots=True)
class BandWeights:
    """What one band counts with; `hours` is how many were learned from, or how many there are."""

    band: Band
    weights: Weights
    hours: int = 0
    is_learned: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "first_lead_hours": self.band.first_lead_hours,
            "last_lead_hours": self.band.last_lead_hours,
            **self.weights.to_json(),
            "hours": self.hours,
            "is_learned": self.is_learned,
        }


def read_weights(source: str) -> tuple[BandWeights, ...]:
    """One a band, near to far; the defaults where nothing is known of the source."""
    rows = {row.first_lead_hours: row for row in PoolWeight.objects.filter(source=source)}
    return tuple(_read_band(band, rows.get(band.first_lead_hours)) for band in BANDS)


def learn_weights(*, now: datetime) -> int:
    """Fit each source's weights again and forget what is too old; how many bands were fitted.

    Safe to call twice: the same tallies give the same weights.
    """
    PoolTally.objects.filter(
        week_starts_on__lte=(now - timedelta(weeks=KEPT_WEEKS)).date()
    ).delete()
    sources = PoolTally.objects.order_by("source").values_list("source", flat=True).distinct()
    pairs = [(source, band) for source in sources for band in BANDS]
    for source, band in pairs:
        _store(source, band, read_tally(source, band), now=now)
    return len(pairs)


def _read_band(band: Band, row: PoolWeight | None) -> BandWeights:
    if row is None:
        return BandWeights(band, band.default)
    weights = Weights(row.intercept, model=row.model_weight, source=row.source_weight)
    return BandWeights(band, weights, row.hours, row.is_learned)


def _store(source: str, band: Band, tally: Tally, *, now: datetime) -> None:
    hours = tally.cases // band.lead_count
    is_learned = hours >= HOURS_NEEDED
    weights = _fit(tally, band) if is_learned else band.default
    PoolWeight.objects.update_or_create(
        source=source,
        first_lead_hours=band.first_lead_hours,
        defaults={
            "last_lead_hours": band.last_lead_hours,
            "intercept": weights.intercept,
            "model_weight": weights.model,
            "source_weight": weights.source,
            "is_learned": is_learned,
            "hours": hours,
            "cases": tally.cases,
            "wet_cases": tally.wet_cases,
            "model_brier": tally.mean(tally.model_squared_error),
            "source_brier": tally.mean(tally.source_squared_error),
            "site_brier": tally.mean(tally.site_squared_error),
            "fitted_at": now,
        },
    )


def _fit(tally: Tally, band: Band) -> Weights:
    # An hour was predicted once by each lead time of the band: together they count as one.
    return fit_weights(tally.list_cells(share=1 / band.lead_count), band.default)
