"""What nobody looks at any more is deleted: readings, the sources' forecasts, predictions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet

from weatherapp.domain.time_limit import never
from weatherapp.intake.thinning import (
    HOURLY_FOR,
    PREDICTION_STEP_HOURS,
    REQUEST_KEPT,
    RUN_STEP_HOURS,
    between_steps,
    drop_windows,
    list_old_requests,
)
from weatherapp.models import (
    AlertChange,
    Place,
    PlaceCalibration,
    PlacePass,
    Prediction,
    PredictionRequest,
    Reading,
    SourceForecast,
    WeekForecast,
)
from weatherapp.models.place_pass import nobody

HOUR = timedelta(hours=1)
# Windows look back 91 days, scoring 84.
KEPT = timedelta(days=100)
CALIBRATION_KEPT = timedelta(days=365)  # of a model that has not answered since
BATCH = 500  # rows in one transaction: other writers get their turn
PASS_EVERY = timedelta(hours=23)  # by an hourly tick that is once a day
PLACES = 20  # of one slice: also after a long neglect it fits a task's time


def forget_old_weather(
    *,
    now: datetime,
    is_time_up: Callable[[], bool] = never,
    ask_help: Callable[[], None] = nobody,
) -> int:
    """How many rows were deleted. `now` is real time; what is old, a place's own clock says.

    Once a day through all places; what does not fit the time the next call goes on with. A
    prediction that an alert was decided by stays with the alert.
    """
    parts = PlacePass.objects.take_parts(
        "forget_old_weather",
        every=PASS_EVERY,
        limit=PLACES,
        now=now,
        is_time_up=is_time_up,
        ask_help=ask_help,
    )
    return sum(_forget_part(part.place_ids, now) for part in parts)


def count_kept_rows() -> Mapping[type[Model], int]:
    """Of a place that is fetched each hour and has all its history."""
    whole, hourly = KEPT // HOUR, HOURLY_FOR // HOUR
    answers = hourly + (whole - hourly) // PREDICTION_STEP_HOURS
    return {
        Reading: whole,
        SourceForecast: hourly + (whole - hourly) // RUN_STEP_HOURS,
        PredictionRequest: REQUEST_KEPT // HOUR,
        Prediction: answers,
        WeekForecast: 1,
    }


def _forget_part(place_ids: Sequence[int], now: datetime) -> int:
    places = list(Place.objects.filter(pk__in=place_ids))
    return sum(_forget(ids, clock_at) for clock_at, ids in _group_by_clock(places, now))


def _group_by_clock(places: Sequence[Place], now: datetime) -> Iterator[tuple[datetime, list[int]]]:
    """All replays have one clock, all others another."""
    for is_replay in (False, True):
        group = [place for place in places if place.is_replay is is_replay]
        if group:
            yield group[0].clock(now), [place.pk for place in group]


def _forget(place_ids: Sequence[int], clock_at: datetime) -> int:
    limit_at, thin_at = clock_at - KEPT, clock_at - HOURLY_FOR
    runs = SourceForecast.objects.filter(place__in=place_ids)
    decided_by = AlertChange.objects.filter(prediction=OuterRef("pk"))
    answers = Prediction.objects.filter(~Exists(decided_by), place__in=place_ids)
    count = (
        _delete(Reading.objects.filter(place__in=place_ids, observed_at__lt=limit_at))
        + _delete(runs.filter(hour_at__lt=limit_at))
        + _delete(between_steps(runs.filter(hour_at__lt=thin_at), "hour_at", RUN_STEP_HOURS))
        + _delete(answers.filter(window_end_at__lt=limit_at))
        + _delete(
            between_steps(
                answers.filter(window_end_at__lt=thin_at), "window_end_at", PREDICTION_STEP_HOURS
            )
        )
        + _delete(list_old_requests(place_ids, clock_at=clock_at))
        + _delete(
            PlaceCalibration.objects.filter(
                place__in=place_ids, learned_until_at__lt=clock_at - CALIBRATION_KEPT
            )
        )
    )
    drop_windows(place_ids, clock_at=clock_at)
    return count


def _delete(old: QuerySet[Any]) -> int:
    count = 0
    while keys := list(old.order_by().values_list("pk", flat=True)[:BATCH]):
        count += old.model._default_manager.filter(pk__in=keys).delete()[0]
    return count
