"""Pairs what was said of an hour with what came, each hour once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from predictor import contract
from weatherapp.forecasting.blending.bands import BANDS, find_band
from weatherapp.forecasting.scoring.climatology import Climatology
from weatherapp.forecasting.scoring.histogram import Case, Histogram
from weatherapp.forecasting.scoring.histogram_rows import HistogramKey, add_histograms, find_week
from weatherapp.forecasting.scoring.place_climatology import read_climatologies
from weatherapp.forecasting.scoring.skill import SaidHour, SkillSums
from weatherapp.forecasting.scoring.skill_rows import SkillKey, add_skill
from weatherapp.models import Place, Prediction, Reading, ScoringProgress

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


def score_places(place_ids: Sequence[int]) -> int:
    """Count the hours whose observation has settled, of the real ones of the places; how many cases.

    Safe to call twice, and at the same time: what is counted and how far are stored together.
    """
    batches = (place_ids[start : start + BATCH] for start in range(0, len(place_ids), BATCH))
    return sum(_score_batch(batch) for batch in batches)


def _score_batch(place_ids: Sequence[int]) -> int:
    places = [
        place
        for place in Place.objects.filter(pk__in=place_ids).order_by("pk")
        if not place.is_replay
    ]
    count = 0
    while (cases := _score_stretches(places)) is not None:
        count += cases
    return count


@transaction.atomic
def _score_stretches(places: Sequence[Place]) -> int | None:
    """How many cases the next stretch of each place gave; None where nothing is left to do."""
    advanced = {}
    progress = {row.place_id: row for row in _lock_progress(places)}
    for place_id, newest_at, first_at in _read_bounds(list(progress)):
        stretch = _find_stretch(newest_at, first_at, progress[place_id].scored_until_at)
        if stretch is not None:
            advanced[place_id] = stretch
            progress[place_id].scored_until_at = stretch.until
    if not advanced:
        return None
    counted = _Counted()
    wet_hours = _read_wet_hours(advanced)
    usual = read_climatologies([progress[place_id] for place_id in advanced], advanced)
    for prediction in _list_predictions(advanced):
        counted.add(prediction, wet_hours[prediction.place_id], usual[prediction.place_id])
    add_histograms(counted.histograms)
    add_skill(counted.skill)
    for place_id in advanced:
        # Only now: the baseline is not to know the hours that it was asked about.
        usual[place_id].count_all(wet_hours[place_id])
        progress[place_id].climatology = usual[place_id].to_json()
    ScoringProgress.objects.bulk_update(
        [progress[place_id] for place_id in advanced], ["scored_until_at", "climatology"]
    )
    return sum(histogram.cases for histogram in counted.histograms.values())


class _Counted:
    """What a stretch of some places comes to."""

    def __init__(self) -> None:
        self.histograms: defaultdict[HistogramKey, Histogram] = defaultdict(Histogram)
        self.skill: defaultdict[SkillKey, SkillSums] = defaultdict(SkillSums)

    def add(
        self, prediction: Prediction, wet_hours: Mapping[datetime, bool], usual: Climatology
    ) -> None:
        for source, lead_hours, said in pair(prediction, wet_hours, usual):
            band = find_band(lead_hours).first_lead_hours
            self.skill[SkillKey(prediction.place_id, said.ends_at.year, source, band)].add(said)
            if said.source is not None:
                case = Case(said.model, said.source, said.site, said.is_wet)
                key = HistogramKey(source, band, find_week(said.ends_at))
                self.histograms[key].add(case)


def _lock_progress(places: Sequence[Place]) -> QuerySet[ScoringProgress]:
    ScoringProgress.objects.bulk_create(
        [ScoringProgress(place=place) for place in places], ignore_conflicts=True
    )
    rows = ScoringProgress.objects.filter(place__in=places).order_by("place_id")
    return rows.select_for_update()


def _read_bounds(
    place_ids: Sequence[int],
) -> Iterator[tuple[int, datetime | None, datetime | None]]:
    """Place id, its newest reading and its first prediction; one query."""
    readings = Reading.objects.filter(place=OuterRef("pk")).order_by("-observed_at")
    said = Prediction.objects.filter(place=OuterRef("pk"))
    rows = Place.objects.filter(pk__in=place_ids).order_by("pk")
    yield from rows.values_list(
        "pk",
        Subquery(readings.values("observed_at")[:1]),
        Subquery(said.order_by("window_end_at").values("window_end_at")[:1]),
    )


def _find_stretch(
    newest_at: datetime | None, first_at: datetime | None, scored_until_at: datetime | None
) -> Stretch | None:
    if newest_at is None or first_at is None:
        return None
    settled_at = newest_at - SETTLING
    after = max(scored_until_at or first_at, settled_at - CATCH_UP)
    until = min(settled_at, after + STRETCH)
    return Stretch(after, until) if after < until else None


def _list_predictions(stretches: Mapping[int, Stretch]) -> Iterator[Prediction]:
    """Those that speak of the stretches, by place id; one query, however many places."""
    said = [
        Q(
            place=place_id,
            window_end_at__gt=stretch.after - LONGEST_LEAD * HOUR,
            window_end_at__lt=stretch.until,
        )
        for place_id, stretch in stretches.items()
    ]
    predictions = Prediction.objects.filter(_any(said))
    # What was said of where a place was before is no forecast of where it is.
    here = Q(place__moved_at=None) | Q(answered_at__gte=F("place__moved_at"))
    return predictions.filter(here).order_by("window_end_at").iterator(chunk_size=50)


def pair(
    prediction: Prediction, wet_hours: Mapping[datetime, bool], usual: Climatology
) -> Iterator[tuple[str, int, SaidHour]]:
    """Source ("" where it said nothing), lead time and what was said, of each measured hour."""
    blend = prediction.read_blend()
    theirs = blend.hourly_probability if blend and blend.source else (None,) * LONGEST_LEAD
    said = zip(
        prediction.calibrated.hourly_probability,
        prediction.site.hourly_probability,
        theirs,
        strict=True,
    )
    for lead_hours, (model, site, source) in enumerate(said, start=1):
        ends_at = prediction.window_end_at + lead_hours * HOUR
        # What was answered after the hour was no forecast of it.
        if ends_at not in wet_hours or prediction.answered_at >= ends_at:
            continue
        name = blend.source if blend and source is not None else ""
        is_wet, chance = wet_hours[ends_at], usual.probability(ends_at)
        yield name, lead_hours, SaidHour(ends_at, model, site, chance, is_wet, source)


def _read_wet_hours(stretches: Mapping[int, Stretch]) -> Mapping[int, Mapping[datetime, bool]]:
    """By place id: end of the hour -> whether it was wet; what nobody measured is absent."""
    measured = [
        Q(place=place_id, observed_at__gt=stretch.after, observed_at__lte=stretch.until)
        for place_id, stretch in stretches.items()
    ]
    rows = Reading.objects.filter(_any(measured), precipitation_mm__isnull=False).order_by()
    wet_hours: dict[int, dict[datetime, bool]] = {place_id: {} for place_id in stretches}
    for place_id, at, rain_mm in rows.values_list("place_id", "observed_at", "precipitation_mm"):
        if rain_mm is not None:
            wet_hours[place_id][at] = rain_mm >= contract.WET_HOUR_MM
    return wet_hours


def _any(conditions: Sequence[Q]) -> Q:
    return reduce(or_, conditions)
