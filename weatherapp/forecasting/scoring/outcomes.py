"""Pairs what was said of an hour with what came, each hour once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from predictor import contract
from weatherapp.forecasting.blending.bands import BANDS, find_band
from weatherapp.forecasting.scoring.histogram import Case, Histogram
from weatherapp.forecasting.scoring.histogram_rows import HistogramKey, add_histograms, find_week
from weatherapp.models import Place, Prediction, ScoringProgress

HOUR = timedelta(hours=1)
SETTLING = 2 * HOUR  # sources mend their newest hours with the next fetch
STRETCH = timedelta(days=7)  # of one place, in one transaction
BATCH = 20  # places in one transaction: the histograms are rewritten once for all of them
CATCH_UP = timedelta(weeks=12)  # what is older would be forgotten soon
LONGEST_LEAD = BANDS[-1].last_lead_hours


@dataclass(frozen=True, slots=True)
class Stretch:
    """Hours that end within (after, until]."""

    after: datetime
    until: datetime


def score_places() -> int:
    """Count the hours whose observation has settled, of all real places; how many cases.

    Safe to call twice, and at the same time: what is counted and how far are stored together.
    """
    places = [place for place in Place.objects.order_by("pk") if not place.is_replay]
    batches = (places[start : start + BATCH] for start in range(0, len(places), BATCH))
    return sum(_score_batch(batch) for batch in batches)


def _score_batch(places: Sequence[Place]) -> int:
    count = 0
    while (cases := _score_stretches(places)) is not None:
        count += cases
    return count


@transaction.atomic
def _score_stretches(places: Sequence[Place]) -> int | None:
    """How many cases the next stretch of each place gave; None where nothing is left to do."""
    histograms: defaultdict[HistogramKey, Histogram] = defaultdict(Histogram)
    advanced = []
    for progress in _lock_progress(places):
        stretch = _find_stretch(progress.place, progress.scored_until_at)
        if stretch is None:
            continue
        for key, case in _list_cases(progress.place, stretch):
            histograms[key].add(case)
        progress.scored_until_at = stretch.until
        advanced.append(progress)
    add_histograms(histograms)
    ScoringProgress.objects.bulk_update(advanced, ["scored_until_at"])
    return sum(histogram.cases for histogram in histograms.values()) if advanced else None


def _lock_progress(places: Sequence[Place]) -> QuerySet[ScoringProgress]:
    ScoringProgress.objects.bulk_create(
        [ScoringProgress(place=place) for place in places], ignore_conflicts=True
    )
    rows = ScoringProgress.objects.filter(place__in=places).order_by("place_id")
    return rows.select_related("place").select_for_update(of=("self",))


def _find_stretch(place: Place, scored_until_at: datetime | None) -> Stretch | None:
    newest = place.readings.order_by("-observed_at").first()
    first = _blended(place).order_by("window_end_at").first()
    if newest is None or first is None:
        return None
    settled_at = newest.observed_at - SETTLING
    after = max(scored_until_at or first.window_end_at, settled_at - CATCH_UP)
    until = min(settled_at, after + STRETCH)
    return Stretch(after, until) if after < until else None


def _list_cases(place: Place, stretch: Stretch) -> Iterator[tuple[HistogramKey, Case]]:
    wet_hours = _read_wet_hours(place, stretch)
    predictions = _blended(place).filter(
        window_end_at__gt=stretch.after - LONGEST_LEAD * HOUR, window_end_at__lt=stretch.until
    )
    for prediction in predictions.order_by("window_end_at").iterator(chunk_size=50):
        yield from _pair(prediction, wet_hours)


def _pair(
    prediction: Prediction, wet_hours: Mapping[datetime, bool]
) -> Iterator[tuple[HistogramKey, Case]]:
    blend = prediction.read_blend()
    if blend is None or not blend.source:  # another release wrote it: not understood
        return
    said = zip(
        prediction.hourly_probability,
        blend.hourly_probability,
        prediction.site_hourly_probability,
        strict=True,
    )
    for lead_hours, (model, source, site) in enumerate(said, start=1):
        ends_at = prediction.window_end_at + lead_hours * HOUR
        # What was answered after the hour was no forecast of it.
        if source is None or ends_at not in wet_hours or prediction.answered_at >= ends_at:
            continue
        band = find_band(lead_hours)
        key = HistogramKey(blend.source, band.first_lead_hours, find_week(ends_at))
        yield key, Case(model, source, site, wet_hours[ends_at])


def _read_wet_hours(place: Place, stretch: Stretch) -> dict[datetime, bool]:
    """End of the hour -> whether it was wet; what nobody measured is absent."""
    readings = place.readings.filter(
        observed_at__gt=stretch.after, observed_at__lte=stretch.until
    ).values_list("observed_at", "precipitation_mm")
    return {
        observed_at: precipitation_mm >= contract.WET_HOUR_MM
        for observed_at, precipitation_mm in readings
        if precipitation_mm is not None
    }


def _blended(place: Place) -> QuerySet[Prediction]:
    return place.predictions.filter(blend__isnull=False)
