"""Online calibration of places: what the model said there against what came, each answer once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from predictor import contract
from predictor.contract import ANY_HOURS
from predictor.online_calibration import learn_answer
from weatherapp.forecasting.scoring.outcomes import SETTLING
from weatherapp.models import Place, PlaceCalibration, Prediction, Reading

HOUR = timedelta(hours=1)
LEAD = contract.LEAD_HOURS * HOUR
STRETCH = 200  # answers in one transaction: a new place may have 2,400 to catch up with
BATCH = 20  # places that are looked through at once
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
LEARNED = ("scalings", "answers", "learned_until_at", "updated_at")

Outcome = Sequence[bool | None]
WetHours = Mapping[datetime, bool]  # end of the hour -> whether it was wet


def learn_calibrations(place_ids: Sequence[int], *, now: datetime) -> int:
    """From the places' answers whose hours have come and settled; how many. `now` is real time.

    Safe to call twice, and at the same time: what was learned and how far are stored together.
    Replays do not learn. A few queries for BATCH places; where nothing is new, two.
    """
    batches = (place_ids[start : start + BATCH] for start in range(0, len(place_ids), BATCH))
    return sum(_learn_batch(batch, now=now) for batch in batches)


def _learn_batch(place_ids: Sequence[int], *, now: datetime) -> int:
    count, ripe = 0, _list_ripe(place_ids)
    is_more = bool(ripe)
    while is_more:
        learned, is_more = _learn_stretch(ripe, now=now)
        count += learned
    return count


def _list_ripe(place_ids: Sequence[int]) -> list[Place]:
    """Those of the real places that have answers to learn from."""
    answers = _list_settled(place_ids).order_by().values_list("place", flat=True)
    ripe = Place.objects.filter(pk__in=answers).order_by("pk")
    return [place for place in ripe if not place.is_replay]


def _list_settled(place_ids: Sequence[int]) -> QuerySet[Prediction]:
    """Answers of which all hours have come and settled, not learned from yet, and given here.

    A move leaves the answers of elsewhere: what comes here says nothing about them. A query, and
    one more where the result is looked into.
    """
    newest = Reading.objects.filter(place=OuterRef("pk")).order_by("-observed_at")
    bounds = Place.objects.filter(pk__in=place_ids).values_list(
        "pk", Subquery(newest.values("observed_at")[:1]), Max("calibrations__learned_until_at")
    )
    settled = [
        Q(
            place=place_id,
            window_end_at__lte=newest_at - SETTLING - LEAD,
            window_end_at__gt=learned_until_at or LONG_AGO,
        )
        for place_id, newest_at, learned_until_at in bounds
        if newest_at is not None
    ]
    given_here = Q(place__moved_at=None) | Q(window_end_at__gt=F("place__moved_at"))
    return Prediction.objects.filter(given_here, reduce(or_, settled, Q(pk__in=[])))


@transaction.atomic
def _learn_stretch(places: Sequence[Place], *, now: datetime) -> tuple[int, bool]:
    """How many of the places' next answers taught something, and whether more may be left."""
    # The places' rows are the lock: workers take turns, and a move waits, then forgets it all.
    held = {place.pk: place for place in Place.objects.hold_all_unmoved(places)}
    predictions = _read_stretch(list(held))
    if not predictions:
        return 0, False
    known = {
        (row.place_id, row.model_version): row
        for row in PlaceCalibration.objects.filter(place__in=held)
    }
    wet_hours, count, learned = _read_wet_hours(predictions), 0, []
    for (place_id, version), answers in _group(predictions).items():
        row = known.get((place_id, version))
        row = row or PlaceCalibration(place=held[place_id], model_version=version)
        count += _learn(row, answers, wet_hours[place_id])
        row.updated_at = now
        learned.append(row)
    _store(learned)
    return count, len(predictions) == STRETCH


def _read_stretch(place_ids: Sequence[int]) -> list[Prediction]:
    """Oldest first, place by place."""
    rows = _list_settled(place_ids).order_by("place_id", "window_end_at")
    names = ("hourly_probability", "probability_any_6h", "probability_any_24h", "model_version")
    # Without its place each row would be asked for it.
    return list(rows.only("place", "window_end_at", *names)[:STRETCH])


def _group(predictions: Sequence[Prediction]) -> dict[tuple[int, str], list[Prediction]]:
    """Each model has its own errors; one that is switched back to goes on from what it had."""
    groups: defaultdict[tuple[int, str], list[Prediction]] = defaultdict(list)
    for prediction in predictions:
        groups[prediction.place_id, prediction.model_version].append(prediction)
    return groups


def _learn(row: PlaceCalibration, predictions: Sequence[Prediction], wet_hours: WetHours) -> int:
    """Move the row's scalings; how many of the predictions had an hour that was measured."""
    scalings, count = row.read_scalings(), 0
    for prediction in predictions:
        outcome = find_outcome(prediction.window_end_at, wet_hours)
        if any(is_wet is not None for is_wet in outcome):
            raw = prediction.raw
            said = (*raw.hourly_probability, raw.probability_any_6h, raw.probability_any_24h)
            scalings = learn_answer(scalings, said, outcome)
            count += 1
    row.set_scalings(scalings)
    row.answers += count
    row.learned_until_at = predictions[-1].window_end_at
    return count


def _store(rows: Sequence[PlaceCalibration]) -> None:
    for row in rows:
        row.pk = None  # place and version tell which it is
    PlaceCalibration.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["place", "model_version"],
        update_fields=LEARNED,
    )


def find_outcome(window_end_at: datetime, wet_hours: WetHours) -> Outcome:
    """Whether each target came true: each hour, any of 6, any of 24; None where nobody knows."""
    hourly = [
        wet_hours.get(window_end_at + lead_hours * HOUR)
        for lead_hours in range(1, contract.LEAD_HOURS + 1)
    ]
    return [*hourly, *(_find_any(hourly[:hours]) for hours in ANY_HOURS)]


def _find_any(hourly: Outcome) -> bool | None:
    if any(hourly):
        return True
    return None if None in hourly else False


def _read_wet_hours(predictions: Sequence[Prediction]) -> Mapping[int, WetHours]:
    """By place id; what nobody measured is absent. One query."""
    ends: defaultdict[int, list[datetime]] = defaultdict(list)
    for prediction in predictions:
        ends[prediction.place_id].append(prediction.window_end_at)
    spoken = [
        Q(place=place_id, observed_at__gt=at[0], observed_at__lte=at[-1] + LEAD)
        for place_id, at in ends.items()
    ]
    rows = Reading.objects.filter(reduce(or_, spoken), precipitation_mm__isnull=False).order_by()
    wet_hours: dict[int, dict[datetime, bool]] = {place_id: {} for place_id in ends}
    for place_id, at, rain_mm in rows.values_list("place_id", "observed_at", "precipitation_mm"):
        if rain_mm is not None:
            wet_hours[place_id][at] = rain_mm >= contract.WET_HOUR_MM
    return wet_hours
