"""The authorities' warnings: each danger once, with all who warn of it. Never an alert of ours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Max, Prefetch, Q, QuerySet

from weatherapp.api.checking import parse_time
from weatherapp.api.cursors import cut, read_cursor
from weatherapp.api.operations import PAGED, Call, Operation, Parameter, Slice
from weatherapp.api.problems import not_found
from weatherapp.api.resources.place import TAG, find_place, places_tagged
from weatherapp.api.resources.warning_event import EVENT, EVENT_WITH_TEXTS, WHOLE_EVENT
from weatherapp.api.schema import (
    ID,
    TIME,
    UUID,
    Field,
    Resource,
    field,
    list_of,
    maybe,
    of,
    one_of,
)
from weatherapp.domain.cap import Severity
from weatherapp.domain.official_hazards import OfficialHazard
from weatherapp.models import (
    EndReason,
    OfficialChange,
    OfficialEvent,
    OfficialPlace,
    OfficialReason,
    OfficialWarning,
    WarningSource,
)

LONG = ("texts", "area", "identifiers", "heads")  # what a list leaves out


class Phase(StrEnum):
    """Where its time is."""

    FUTURE = "FUTURE"
    IN_FORCE = "IN_FORCE"
    ENDED = "ENDED"


OPEN, ALL = "OPEN", "ALL"


@dataclass(frozen=True, slots=True)
class SeenWarning:
    """`now` is the real time, as all times of official warnings are."""

    warning: OfficialWarning
    now: datetime

    @property
    def pk(self) -> int:
        return self.warning.pk

    @property
    def phase(self) -> Phase:
        ends_at = self.warning.ends_at
        if self.warning.is_over or (ends_at is not None and ends_at <= self.now):
            return Phase.ENDED
        return Phase.FUTURE if self.warning.onset_at > self.now else Phase.IN_FORCE

    @property
    def events(self) -> list[tuple[OfficialEvent, datetime]]:
        """With the time, by which a source is silent or not."""
        return [(event, self.now) for event in self.warning.events.all()]


CHANGE = Resource(
    "OfficialChange",
    "One step in an official warning's life.",
    (
        field("reason", one_of(OfficialReason), "What became of it."),
        field("severity", one_of(Severity), "From then on."),
        field("onset_at", TIME, "When it begins, as it was known then."),
        field("ends_at", maybe(TIME), "When it ends, as it was known then; null: nobody says."),
        field("created_at", TIME, "When this site saw it."),
    ),
)

_FIELDS: tuple[Field, ...] = (
    field("id", UUID, "Its identifier here, which stays.", lambda seen: seen.warning.public_id),
    field("phase", one_of(Phase), "Whether it is to come, in force, or over."),
    field(
        "hazard", one_of(OfficialHazard), "Which kind of danger.", lambda seen: seen.warning.hazard
    ),
    field(
        "severity",
        one_of(Severity),
        "CAP: how bad, by the gravest of those who warn.",
        lambda seen: seen.warning.severity,
    ),
    field("onset_at", TIME, "When it begins, or began.", lambda seen: seen.warning.onset_at),
    field(
        "ends_at",
        maybe(TIME),
        "When it ends; null: nobody says.",
        lambda seen: seen.warning.ends_at,
    ),
    field("ended_at", maybe(TIME), "When it was over.", lambda seen: seen.warning.ended_at),
    field(
        "ended_because",
        maybe(one_of(EndReason)),
        "Why; null where it is not over.",
        lambda seen: seen.warning.ended_because or None,
    ),
    field("created_at", TIME, "When this site first saw it.", lambda seen: seen.warning.created_at),
    field("changed_at", TIME, "When it last changed.", lambda seen: seen.warning.changed_at),
)
ABOUT = (
    "A danger that authorities warn of, each once: `events` are what each source says of it, with "
    "the line that must stand with it. All times are real ones."
)

WARNING = Resource(
    "OfficialWarning",
    ABOUT,
    (*_FIELDS, field("events", list_of(of(EVENT)), "The newest first.")),
)
WARNING_AT_PLACE = Resource(
    "OfficialWarningWithTexts",
    ABOUT,
    (*_FIELDS, field("events", list_of(of(EVENT_WITH_TEXTS)), "The newest first.")),
)
WHOLE_WARNING = Resource(
    "WholeOfficialWarning",
    ABOUT,
    (
        *_FIELDS,
        field("events", list_of(of(WHOLE_EVENT)), "The newest first."),
        field(
            "places",
            list_of(ID),
            "Numbers of the watched places in its area.",
            lambda seen: _list_places(seen.warning),
        ),
        field(
            "changes",
            list_of(of(CHANGE)),
            "The oldest first.",
            lambda seen: seen.warning.changes.all(),
        ),
    ),
)


def _list_places(warning: OfficialWarning) -> list[int]:
    rows = OfficialPlace.objects.filter(event__warning=warning).order_by("place_id")
    return list(rows.values_list("place_id", flat=True).distinct())


def _list_warnings(call: Call) -> Slice:
    """The newest first."""
    events = OfficialEvent.objects.select_related("source").defer(*LONG)
    return _cut(call, _filter(_rows(events), call))


def _list_of_place(call: Call) -> Slice:
    events = OfficialEvent.objects.select_related("source").defer("area", "identifiers", "heads")
    return _cut(call, _at(_rows(events), Q(place=find_place(call))))


def _show_warning(call: Call) -> SeenWarning:
    changes = Prefetch("changes", OfficialChange.objects.order_by("created_at", "pk"))
    rows = _rows(OfficialEvent.objects.select_related("source")).prefetch_related(changes)
    warning = rows.filter(public_id=call.path["warning_id"]).first()
    if warning is None:
        raise not_found("warning")
    return SeenWarning(warning, call.now)


def _rows(events: QuerySet[OfficialEvent]) -> QuerySet[OfficialWarning]:
    ordered = events.order_by("-sent_at", "-pk")
    return OfficialWarning.objects.prefetch_related(Prefetch("events", ordered))


def _cut(call: Call, rows: QuerySet[OfficialWarning]) -> Slice:
    rows = rows.filter(_in_phase(call["phase"], call.now))
    after = read_cursor(call, int)
    if after is not None:
        rows = rows.filter(pk__lt=after[0])
    found = list(rows.order_by("-pk")[: call["limit"] + 1])
    return cut(call, [SeenWarning(warning, call.now) for warning in found], "pk")


def _in_phase(phase: str, now: datetime) -> Q:
    is_open = Q(ended_at=None) & (Q(ends_at=None) | Q(ends_at__gt=now))
    return {
        OPEN: is_open,
        ALL: Q(),
        Phase.FUTURE.value: is_open & Q(onset_at__gt=now),
        Phase.IN_FORCE.value: is_open & Q(onset_at__lte=now),
        Phase.ENDED.value: ~is_open,
    }[phase]


def _filter(rows: QuerySet[OfficialWarning], call: Call) -> QuerySet[OfficialWarning]:
    if call["place"] is not None:
        rows = _at(rows, Q(place=call["place"]))
    if call["tag"] is not None:
        rows = _at(rows, Q(place__in=places_tagged(call["tag"])))
    if call["hazard"] is not None:
        rows = rows.filter(hazard=call["hazard"])
    if call["severity"] is not None:
        least = Severity(call["severity"]).rank
        rows = rows.filter(severity__in=[one.value for one in Severity if one.rank >= least])
    if call["since"] is not None:
        rows = rows.filter(changed_at__gte=parse_time(call["since"]))
    return rows


def _at(rows: QuerySet[OfficialWarning], where: Q) -> QuerySet[OfficialWarning]:
    """Whose area the places are in, by any who still warns; of one that is over, by any at all."""
    counts = Q(event__ended_at=None) | Q(event__warning__ended_at__isnull=False)
    here = OfficialPlace.objects.filter(where, counts).order_by()
    return rows.filter(pk__in=here.values("event__warning"))


def _read_version(call: Call) -> str:
    """Of all warnings, and of how their sources are doing. Two queries."""
    warnings = OfficialWarning.objects.aggregate(
        newest=Max("pk"), changed=Max("changed_at"), ended=Max("ended_at")
    )
    sources = WarningSource.objects.on().aggregate(
        succeeded=Max("succeeded_at"), failed=Max("failed_at")
    )
    return f"warnings {sorted(call.path.items())} {_plain(warnings)} {_plain(sources)}"


def _plain(marks: Mapping[str, Any]) -> list[str]:
    return [str(value) for value in marks.values()]


PHASE = Parameter(
    "phase",
    one_of((OPEN, *Phase, ALL)),
    "Where its time is; OPEN: in force or to come.",
    usual=OPEN,
)

OPERATIONS = (
    Operation(
        "list_warnings",
        "GET",
        "api_warnings",
        "Official warnings",
        "List official warnings",
        WARNING,
        _list_warnings,
        "The newest first. Which sources are asked, and how old what they say is: `/api/v1/sources/warnings`.",
        parameters=(
            Parameter("place", ID, "That the place with this number is in the area of."),
            TAG,
            Parameter("hazard", one_of(OfficialHazard), "Of this kind."),
            Parameter("severity", one_of(Severity), "Of this severity and worse."),
            PHASE,
            Parameter(
                "since", TIME, "Which changed from this time on.", example="2026-01-01T00:00:00Z"
            ),
            *PAGED,
        ),
        is_list=True,
        read_version=_read_version,
    ),
    Operation(
        "show_warning",
        "GET",
        "api_warning",
        "Official warnings",
        "Show an official warning",
        WHOLE_WARNING,
        _show_warning,
        "With its texts in all languages, its area and its changes.",
        read_version=_read_version,
        problems=(404,),
    ),
    Operation(
        "list_place_warnings",
        "GET",
        "api_place_warnings",
        "Official warnings",
        "List official warnings for a place",
        WARNING_AT_PLACE,
        _list_of_place,
        "The newest first. An empty list says nothing where no source covers the place, or where one is "
        "silent: see `/api/v1/sources/warnings`.",
        parameters=(PHASE, *PAGED),
        is_list=True,
        read_version=_read_version,
        problems=(404,),
    ),
)
