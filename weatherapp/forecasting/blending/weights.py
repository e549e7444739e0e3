"""The weights in force, and learning them from the histograms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from weatherapp.forecasting.blending.bands import BANDS, Band, Weights
from weatherapp.forecasting.blending.fit import fit_weights
from weatherapp.forecasting.scoring.histogram import Histogram
from weatherapp.forecasting.scoring.histogram_rows import read_histogram
from weatherapp.models import BlendWeight, ScoreHistogram

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
    rows = {row.first_lead_hours: row for row in BlendWeight.objects.filter(source=source)}
    return tuple(_read_band(band, rows.get(band.first_lead_hours)) for band in BANDS)


def learn_weights(*, now: datetime) -> int:
    """Fit each source's weights again and forget what is too old; how many bands were fitted.

    Safe to call twice: the same histograms give the same weights.
    """
    ScoreHistogram.objects.filter(
        week_starts_on__lte=(now - timedelta(weeks=KEPT_WEEKS)).date()
    ).delete()
    sources = ScoreHistogram.objects.order_by("source").values_list("source", flat=True).distinct()
    pairs = [(source, band) for source in sources for band in BANDS]
    for source, band in pairs:
        _store(source, band, read_histogram(source, band), now=now)
    return len(pairs)


def _read_band(band: Band, row: BlendWeight | None) -> BandWeights:
    if row is None:
        return BandWeights(band, band.default)
    weights = Weights(row.intercept, model=row.model_weight, source=row.source_weight)
    return BandWeights(band, weights, row.hours, row.is_learned)


def _store(source: str, band: Band, histogram: Histogram, *, now: datetime) -> None:
    hours = histogram.cases // band.lead_count
    is_learned = hours >= HOURS_NEEDED
    weights = _fit(histogram, band) if is_learned else band.default
    BlendWeight.objects.update_or_create(
        source=source,
        first_lead_hours=band.first_lead_hours,
        defaults={
            "last_lead_hours": band.last_lead_hours,
            "intercept": weights.intercept,
            "model_weight": weights.model,
            "source_weight": weights.source,
            "is_learned": is_learned,
            "hours": hours,
            "cases": histogram.cases,
            "wet_cases": histogram.wet_cases,
            "model_brier": histogram.mean(histogram.model_squared_error),
            "source_brier": histogram.mean(histogram.source_squared_error),
            "site_brier": histogram.mean(histogram.site_squared_error),
            "fitted_at": now,
        },
    )


def _fit(histogram: Histogram, band: Band) -> Weights:
    # An hour was predicted once by each lead time of the band: together they count as one.
    return fit_weights(histogram.list_cells(share=1 / band.lead_count), band.default)
