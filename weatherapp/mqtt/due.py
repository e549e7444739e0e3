"""Which places the broker is to be told of: what changed since it was told, as the rows say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max, Min, Q, QuerySet

from weatherapp.models import AlertChange, MqttDevice, Place, PublishedMessage

# So often all is said again, whatever changed: with it entities of Home Assistant do not expire, and
# what no row marks (a prediction, data that grow old) is seen.
REPEATED_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Marks:
    """How far the history of alerts had come. Read before the alerts: nothing falls in between."""

    change_id: int
    message_id: int


@dataclass(frozen=True, slots=True)
class Due:
    """Numbers of places; `gone` are to be taken back."""

    gone: list[int]
    told: list[int]


def read_marks() -> Marks:
    changes = AlertChange.objects.aggregate(newest=Max("pk"))["newest"]
    messages = PublishedMessage.objects.aggregate(newest=Max("pk"))["newest"]
    return Marks(changes or 0, messages or 0)


def find_due(*, now: datetime, limit: int) -> Due:
    """The most urgent first: what has changed, what is new, what was said longest ago."""
    chosen = _choose()
    devices = MqttDevice.objects.all()
    gone = devices.exclude(place_id__in=chosen.values("pk"))
    here = devices.filter(place_id__in=chosen.values("pk"))
    known = devices.values("place_id")
    told = _take(
        limit,
        _find_changed(here),
        chosen.exclude(pk__in=known).order_by("pk").values_list("pk", flat=True)[:limit],
        here.aged(now - REPEATED_AFTER, now=now).values_list("place_id", flat=True)[:limit],
    )
    return Due(list(gone.values_list("place_id", flat=True)[:limit]), told)


def _choose() -> QuerySet[Place]:
    places = Place.objects.active()
    if not settings.MQTT.tags:
        return places
    tagged = Q()
    for tag in settings.MQTT.tags:
        tagged |= Q(tags__name__iexact=tag)
    return places.filter(tagged).distinct()


def _find_changed(devices: QuerySet[MqttDevice]) -> list[int]:
    """Devices at whose places an alert changed, or was published, since they were published."""
    floor = MqttDevice.objects.aggregate(change=Min("change_id"), message=Min("message_id"))
    if floor["change"] is None:
        return []
    changes = AlertChange.objects.filter(pk__gt=floor["change"])
    messages = PublishedMessage.objects.filter(pk__gt=floor["message"])
    newest_change = _newest_by_place(changes)
    newest_message = _newest_by_place(messages)
    rows = devices.filter(place_id__in={*newest_change, *newest_message})
    return [
        row.place_id
        for row in rows.order_by("published_at", "pk")
        if newest_change.get(row.place_id, 0) > row.change_id
        or newest_message.get(row.place_id, 0) > row.message_id
    ]


def _newest_by_place(rows: QuerySet[Any]) -> dict[int, int]:
    newest = rows.order_by().values("alert__place").annotate(newest=Max("pk"))
    return dict(newest.values_list("alert__place", "newest"))


def _take(limit: int, *sources: Iterable[int]) -> list[int]:
    """Each once."""
    return list(dict.fromkeys(pk for source in sources for pk in source))[:limit]
