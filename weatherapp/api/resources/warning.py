"""The authorities' warnings: each danger once, with all who warn of it. Never an alert of ours."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max, Prefetch, Q, QuerySet

from weatherapp.api.checking import parse_time
from weatherapp.api.cursors import cut, read_cursor
from weatherapp.api.operations import PAGED, Call, Operation, Parameter, Slice
from weatherapp.api.problems import not_found
from weatherapp.api.resources.place import TAG, find_place, places_tagged
from weatherapp.api.resources.seen_warning import (
    WARNING,
    WARNING_AT_PLACE,
    WHOLE_WARNING,
    Phase,
    SeenWarning,
)
from weatherapp.api.schema import ID, TIME, one_of
from weatherapp.domain.cap import Severity
from weatherapp.domain.official_hazards import OfficialHazard
from weatherapp.models import (
    OfficialChange,
    OfficialEvent,
    OfficialPlace,
    OfficialWarning,
    WarningSource,
)

LONG = ("texts", "area", "identifiers", "heads")  # what a list leaves out
OPEN, ALL = "OPEN", "ALL"


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
