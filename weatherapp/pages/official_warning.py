"""What the page of an official warning shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, OuterRef, QuerySet
from django.shortcuts import get_object_or_404

from weatherapp.models import (
    OfficialChange,
    OfficialEvent,
    OfficialMessage,
    OfficialPlace,
    OfficialWarning,
    Place,
    WarningSource,
)
from weatherapp.official.reading import is_silent, read_warning
from weatherapp.pages.official import Issuer, ShownWarning, list_sources, make_issuer, show_warning
from weatherapp.pages.official_area import AreaMap, draw_area
from weatherapp.pages.official_text import Translation, keep_web, read_translations
from weatherapp.pages.prepared import PreparedQuery
from weatherapp.pages.versions import Version, find_version, join_rows, mark_rows

PLACES_SHOWN = 20
MESSAGES_SHOWN = 20
AREAS_SHOWN = 60
UTC_ZONE = ZoneInfo("UTC")
OF_AN_EVENT = ("pk", "changed_at", "ended_at")
OF_A_SOURCE = ("source_id", "source__state", "source__succeeded_at", "source__attribution")


@dataclass(frozen=True, slots=True)
class Message:
    sent_at: datetime
    identifier: str
    web: str  # where its document is; empty where that is no address of the web


@dataclass(frozen=True, slots=True)
class Told:
    """What one issuer tells."""

    event: OfficialEvent
    translations: tuple[Translation, ...]
    messages: tuple[Message, ...]  # the newest first

    @property
    def issuer(self) -> Issuer:
        return make_issuer(self.event)

    @property
    def areas(self) -> tuple[str, ...]:
        return tuple(self.event.areas[:AREAS_SHOWN])

    @property
    def more_areas(self) -> int:
        return max(len(self.event.areas) - AREAS_SHOWN, 0)

    @property
    def unresolved(self) -> tuple[str, ...]:
        return tuple(self.event.unresolved[:AREAS_SHOWN])


@dataclass(frozen=True)
class WarningPage:
    shown: ShownWarning
    told: tuple[Told, ...]
    changes: tuple[OfficialChange, ...]
    places: tuple[Place, ...]
    places_count: int
    zone: ZoneInfo
    now: datetime

    @property
    def warning(self) -> OfficialWarning:
        return self.shown.warning

    @property
    def is_over(self) -> bool:
        """Also where its end has come and nobody has noted it yet."""
        ends_at = self.shown.ends_at
        return self.warning.is_over or (ends_at is not None and ends_at <= self.now)

    @property
    def ended_because(self) -> str:
        return self.warning.ended_because if self.warning.is_over else "EXPIRED"

    @property
    def ended_at(self) -> datetime | None:
        return self.warning.ended_at or self.shown.ends_at

    @cached_property
    def map(self) -> AreaMap | None:
        return draw_area(self.shown.events, self.places)

    @property
    def instruction(self) -> str:
        """Of what is over nothing is to be done any more."""
        return self.shown.text.instruction if self.shown.text and not self.is_over else ""

    @property
    def sources(self) -> tuple[WarningSource, ...]:
        return list_sources(one.event for one in self.told)

    @property
    def silent(self) -> tuple[WarningSource, ...]:
        """Only of what stands: what is over is not waited for."""
        return (
            () if self.is_over else tuple(one for one in self.sources if is_silent(one, self.now))
        )

    @property
    def more_places(self) -> int:
        return self.places_count - len(self.places)

    @property
    def zone_place(self) -> Place | None:
        """Whose clock the page goes by; None: UTC."""
        return self.places[0] if self.places and self.zone is not UTC_ZONE else None


def read_warning_version(pk: int) -> Version:
    """Raises Http404."""
    return find_version(_versions, pk)


def read_warning_page(pk: int, *, now: datetime) -> WarningPage:
    """`now` is real time. Raises Http404."""
    warning = get_object_or_404(OfficialWarning, pk=pk)
    standing = read_warning(warning)
    others = warning.events.exclude(pk__in=[event.pk for event in standing.events])
    over = others.select_related("source").defer("codes", "area").order_by("pk")
    events = [*standing.events, *over]
    messages = _read_messages(events)
    places, count = _read_places(warning, events)
    return WarningPage(
        shown=show_warning(standing, now),
        told=tuple(
            Told(event, read_translations(event), messages.get(event.pk, ())) for event in events
        ),
        changes=tuple(warning.changes.order_by("created_at", "pk")),
        places=places,
        places_count=count,
        zone=_find_zone(places),
        now=now,
    )


def _read_messages(events: Sequence[OfficialEvent]) -> dict[int, tuple[Message, ...]]:
    """By event, the newest; without their documents."""
    rows = OfficialMessage.objects.filter(event__in=[event.pk for event in events])
    found: dict[int, list[Message]] = {}
    newest = rows.order_by("-sent_at", "-pk")[: MESSAGES_SHOWN * len(events)]
    for event_id, sent_at, identifier, address in newest.values_list(
        "event_id", "sent_at", "identifier", "address"
    ):
        web = keep_web(address) or keep_web(identifier)
        found.setdefault(event_id, []).append(Message(sent_at, identifier, web))
    return {pk: tuple(messages[:MESSAGES_SHOWN]) for pk, messages in found.items()}


def _read_places(
    warning: OfficialWarning, events: Sequence[OfficialEvent]
) -> tuple[tuple[Place, ...], int]:
    """Active ones by name, and how many there are; of what is over, those where it last stood.

    From the events on: the other way round PostgreSQL looks at every place by its name.
    """
    ids = [event.pk for event in events if warning.is_over or event.ended_at is None]
    there = OfficialPlace.objects.filter(event__in=ids, place__is_active=True).order_by()
    columns = ("id", "name", "time_zone", "latitude", "longitude")
    names = there.values_list(*(f"place__{column}" for column in columns)).distinct()
    first = names.order_by("place__name", "place_id")[: PLACES_SHOWN + 1]
    places = tuple(Place(**dict(zip(columns, row, strict=True))) for row in first)
    if len(places) <= PLACES_SHOWN:
        return places, len(places)
    return places[:PLACES_SHOWN], there.aggregate(n=Count("place", distinct=True))["n"]


def _find_zone(places: Iterable[Place]) -> ZoneInfo:
    """That of the places where they have one in common."""
    zones = {place.time_zone: place.zone for place in places}
    return next(iter(zones.values())) if len(zones) == 1 else UTC_ZONE


def _build(keys: Sequence[int]) -> QuerySet[Any, Any]:
    of = {"warning": OuterRef("pk")}
    events = OfficialEvent.objects.filter(**of)
    places = OfficialPlace.objects.filter(event__warning=OuterRef("pk"))
    rows = OfficialWarning.objects.filter(pk__in=keys).order_by()
    known: QuerySet[Any, Any] = rows.annotate(
        v_events=mark_rows(events, join_rows(OF_AN_EVENT)),
        v_sources=mark_rows(events, join_rows(OF_A_SOURCE)),
        v_step=mark_rows(OfficialChange.objects.filter(**of), Max("pk")),
        v_places=mark_rows(places, Max("pk")),
    ).values()
    return known


_versions = PreparedQuery(_build)
