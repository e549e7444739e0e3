"""Online calibration of places: what the model said there against what came, each answer once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
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
STRETCH = 50  # answers in one transaction: a new place may have 2,400 to catch up with
BATCH = 20  # places that are looked through at once
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

Outcome = Sequence[bool | None]


def learn_calibrations(place_ids: Sequence[int], *, now: datetime) -> int:
    """From the places' answers whose hours have come and settled; how many. `now` is real time.

    Safe to call twice, and at the same time: what was learned and how far are stored together.
    Replays do not learn. Where nothing is new it costs two queries for BATCH places.
    """
    batches = (place_ids[start : start + BATCH] for start in range(0, len(place_ids), BATCH))
    return sum(_learn_place(place, now=now) for batch in batches for place in _list_ripe(batch))


def _list_ripe(place_ids: Sequence[int]) -> list[Place]:
    """Those of the real places that have answers to learn from."""
    newest = Reading.objects.filter(place=OuterRef("pk")).order_by("-observed_at")
    bounds = Place.objects.filter(pk__in=place_ids).values_list(
        "pk", Subquery(newest.values("observed_at")[:1]), Max("calibrations__learned_until_at")
    )
    settled = [
        Q(place=place_id) & _settled(newest_at, learned_until_at)
        for place_id, newest_at, learned_until_at in bounds
        if newest_at is not None
    ]
    if not settled:
        return []
    answers = Prediction.objects.filter(reduce(or_, settled)).order_by()
    ripe = Place.objects.filter(pk__in=answers.values_list("place", flat=True)).order_by("pk")
    return [place for place in ripe if not place.is_replay]


def _settled(newest_at: datetime, learned_until_at: datetime | None) -> Q:
    """Answers of which all hours have come and settled, not learned from yet, and given here.

    A move leaves the answers of elsewhere: what comes here says nothing about them.
    """
    given_here = Q(place__moved_at=None) | Q(window_end_at__gt=F("place__moved_at"))
    return given_here & Q(
        window_end_at__lte=newest_at - SETTLING - LEAD,
        window_end_at__gt=learned_until_at or LONG_AGO,
    )


def _learn_place(place: Place, *, now: datetime) -> int:
    count = 0
    while (answers := _learn_stretch(place, now=now)) is not None:
        count += answers
    return count


@transaction.atomic
def _learn_stretch(place: Place, *, now: datetime) -> int | None:
    """How many of the place's next answers taught something; None where none are left."""
    # The place's row is the lock: workers take turns, and a move waits, then forgets it all.
    if not Place.objects.hold_unmoved(place):
        return None
    rows = {row.model_version: row for row in PlaceCalibration.objects.filter(place=place)}
    predictions = list(_list_settled(place, rows.values())[:STRETCH])
    if not predictions:
        return None
    wet_hours, count = _read_wet_hours(place, predictions), 0
    for version, answers in _group_by_version(predictions).items():
        row = rows.get(version) or PlaceCalibration(place=place, model_version=version)
        count += _learn(row, answers, wet_hours)
        row.updated_at = now
        row.save()
    return count


def _group_by_version(predictions: Sequence[Prediction]) -> dict[str, list[Prediction]]:
    """Each model has its own errors; one that is switched back to goes on from what it had."""
    groups: defaultdict[str, list[Prediction]] = defaultdict(list)
    for prediction in predictions:
        groups[prediction.model_version].append(prediction)
    return groups


def _list_settled(place: Place, rows: Collection[PlaceCalibration]) -> QuerySet[Prediction]:
    """Oldest first."""
    newest_at = place.readings.order_by("-observed_at").values_list("observed_at", flat=True)
    if (newest := newest_at.first()) is None:
        return Prediction.objects.none()
    learned_until_at = max((row.learned_until_at for row in rows), default=None)
    settled = place.predictions.filter(_settled(newest, learned_until_at))
    return settled.order_by("window_end_at").only(
        "place",  # or each row would be asked for its place
        "window_end_at",
        "hourly_probability",
        "probability_any_6h",
        "probability_any_24h",
        "model_version",
    )


def _learn(
    row: PlaceCalibration, predictions: Sequence[Prediction], wet_hours: Mapping[datetime, bool]
) -> int:
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


def find_outcome(window_end_at: datetime, wet_hours: Mapping[datetime, bool]) -> Outcome:
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


def _read_wet_hours(place: Place, predictions: Sequence[Prediction]) -> dict[datetime, bool]:
    """End of the hour -> whether it was wet; what nobody measured is absent."""
    readings = place.readings.filter(
        observed_at__gt=predictions[0].window_end_at,
        observed_at__lte=predictions[-1].window_end_at + LEAD,
        precipitation_mm__isnull=False,
    ).order_by()
    return {
        observed_at: precipitation_mm >= contract.WET_HOUR_MM
        for observed_at, precipitation_mm in readings.values_list("observed_at", "precipitation_mm")
        if precipitation_mm is not None
    }
