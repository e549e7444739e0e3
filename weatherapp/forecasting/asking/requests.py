"""Questions to the predictor, as rows: asked once an hour and place, answered or settled.

The row is the truth; dispatch.py puts what waits on the predictor's queues.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Subquery

from weatherapp.models import (
    Place,
    PredictionRequest,
    Reading,
    RequestOrigin,
    RequestPriority,
    RequestState,
)

logger = logging.getLogger(__name__)

LIVE_STATES = (RequestState.WAITING, RequestState.ANSWERED)
NO_READINGS = "too much is missing: the place has no readings yet"


def request_predictions(places: Sequence[Place], *, now: datetime) -> None:
    """Ask, on behalf of the schedule, about each place's newest hour; `now` is real time.

    An hour is asked once: what people asked already stays, also when all of them cancel. A few
    queries, however many places.
    """
    newest = _read_newest_hours(places, now)
    wanted = [place for place in places if newest.get(place.pk) is not None]
    with transaction.atomic():
        asked = _lock_live(newest)
        PredictionRequest.objects.filter(
            pk__in=[row.pk for row in asked.values()], origin=RequestOrigin.PERSON
        ).update(origin=RequestOrigin.SCHEDULE)
        PredictionRequest.objects.bulk_create(
            [
                _make(place, newest[place.pk], RequestOrigin.SCHEDULE, now)
                for place in wanted
                if place.pk not in asked
            ],
            ignore_conflicts=True,  # another worker was quicker
        )
    for place in places:
        if place.pk not in newest:
            refuse_without_readings(place, now=now, origin=RequestOrigin.SCHEDULE)


def request_for_person(place: Place, *, now: datetime) -> PredictionRequest:
    """The request about the place's newest hour, now wanted by one more; `now` is real time.

    Call it within a transaction. Who comes later shares the first one's row.
    """
    settle_overdue(now=now, place=place)  # what ran out cannot be shared
    newest = _read_newest_hours([place], now)
    if not newest:
        return refuse_without_readings(place, now=now, origin=RequestOrigin.PERSON)
    request = None
    while request is None:  # who made it may cancel it before it is locked here
        made = [_make(place, newest[place.pk], RequestOrigin.PERSON, now)]
        # Where somebody else was quicker, or the schedule has asked, nothing is created.
        PredictionRequest.objects.bulk_create(made, ignore_conflicts=True)
        request = _lock_live(newest).get(place.pk)
    is_scheduled = request.priority == RequestPriority.SCHEDULE
    if request.state == RequestState.WAITING and is_scheduled:
        # Sent anew, whether or not it is under way: answers are stored once.
        request.priority, request.sent_at = RequestPriority.PEOPLE, None
        request.save(update_fields=["priority", "sent_at"])
    return request


def settle_overdue(*, now: datetime, place: Place | None = None) -> list[int]:
    """Mark requests (of `place`) that nobody answered in time; the ids of their places."""
    overdue = PredictionRequest.objects.filter(state=RequestState.WAITING, expires_at__lte=now)
    if place is not None:
        overdue = overdue.filter(place=place)
    place_ids = sorted(set(overdue.values_list("place_id", flat=True)))
    count = overdue.update(state=RequestState.EXPIRED, finished_at=now)
    if count:
        logger.warning("The predictor left %s requests unanswered", count)
    return place_ids


def refuse_without_readings(
    place: Place, *, now: datetime, origin: RequestOrigin
) -> PredictionRequest:
    """Stored, so that people see why there is no prediction."""
    hour = place.clock(now).replace(minute=0, second=0, microsecond=0)
    request, _ = PredictionRequest.objects.update_or_create(
        place=place,
        window_end_at=hour,
        state=RequestState.REFUSED,
        defaults={"error": "ContractError", "error_message": NO_READINGS, "finished_at": now},
        create_defaults={
            "id": uuid.uuid4(),
            "origin": origin,
            "priority": PRIORITIES[origin],
            "created_at": now,
            "expires_at": now,
            "finished_at": now,
            "error": "ContractError",
            "error_message": NO_READINGS,
        },
    )
    return request


PRIORITIES = {
    RequestOrigin.PERSON: RequestPriority.PEOPLE,
    RequestOrigin.SCHEDULE: RequestPriority.SCHEDULE,
}


def _make(
    place: Place, window_end_at: datetime, origin: RequestOrigin, now: datetime
) -> PredictionRequest:
    return PredictionRequest(
        place=place,
        window_end_at=window_end_at,
        origin=origin,
        priority=PRIORITIES[origin],
        created_at=now,
        expires_at=now + settings.PREDICTION_EXPIRES,
    )


def _lock_live(newest: Mapping[int, datetime]) -> dict[int, PredictionRequest]:
    """By place id the requests about these hours that wait or are answered."""
    rows = (
        PredictionRequest.objects.select_for_update()
        .filter(
            place_id__in=newest,
            window_end_at__in=set(newest.values()),
            state__in=LIVE_STATES,
        )
        .order_by("pk")
        .defer("window")
    )
    return {row.place_id: row for row in rows if row.window_end_at == newest[row.place_id]}


def _read_newest_hours(places: Sequence[Place], now: datetime) -> dict[int, datetime]:
    """By place id; places without any reading are absent. A query a clock: there are one or two."""
    return {
        place_id: newest_at
        for clock, ids in _by_clock(places, now)
        for place_id, newest_at in _find_newest(ids, clock)
    }


def _by_clock(places: Sequence[Place], now: datetime) -> Iterator[tuple[datetime, list[int]]]:
    replayed = [place for place in places if place.is_replay]
    live = [place.pk for place in places if not place.is_replay]
    if replayed:
        yield replayed[0].clock(now), [place.pk for place in replayed]
    if live:
        yield now, live


def _find_newest(place_ids: Sequence[int], clock: datetime) -> Iterator[tuple[int, datetime]]:
    newest = Reading.objects.filter(place=OuterRef("pk"), observed_at__lte=clock)
    hours = Subquery(newest.order_by("-observed_at").values("observed_at")[:1])
    rows = Place.objects.filter(pk__in=place_ids).annotate(newest_at=hours).order_by("pk")
    yield from rows.exclude(newest_at=None).values_list("pk", "newest_at")
