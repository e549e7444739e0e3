"""Histograms in the database: one row a source, band and week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from weatherapp.forecasting.blending.bands import Band
from weatherapp.forecasting.scoring.histogram import Histogram
from weatherapp.models import ScoreHistogram

HISTOGRAM_FIELDS = tuple(Histogram.__dataclass_fields__)


@dataclass(frozen=True, slots=True, order=True)
class HistogramKey:
    source: str
    first_lead_hours: int
    week_starts_on: date


def find_week(at: datetime) -> date:
    """The Monday (UTC) of the week of `at`."""
    return at.date() - timedelta(days=at.weekday())


def read_histogram(source: str, band: Band) -> Histogram:
    """All weeks that are kept, together."""
    whole = Histogram()
    rows = ScoreHistogram.objects.filter(source=source, first_lead_hours=band.first_lead_hours)
    for row in rows.order_by("week_starts_on").iterator(chunk_size=4):
        whole.absorb(_to_histogram(row))
    return whole


def add_histograms(histograms: Mapping[HistogramKey, Histogram]) -> None:
    """Add to the stored ones; call it within a transaction."""
    ScoreHistogram.objects.bulk_create(
        [ScoreHistogram(**asdict(key)) for key in sorted(histograms)], ignore_conflicts=True
    )
    # Always in the same order, so that two workers wait for each other instead of dying.
    for key in sorted(histograms):
        row = ScoreHistogram.objects.select_for_update().get(**asdict(key))
        whole = _to_histogram(row)
        whole.absorb(histograms[key])
        for name in HISTOGRAM_FIELDS:
            setattr(row, name, getattr(whole, name))
        row.save(update_fields=HISTOGRAM_FIELDS)


def _to_histogram(row: ScoreHistogram) -> Histogram:
    return Histogram(**{name: getattr(row, name) for name in HISTOGRAM_FIELDS})
