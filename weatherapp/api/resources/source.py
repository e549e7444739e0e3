"""Where weather and official warnings come from, and how that goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Max, Q

from weatherapp.api.cursors import cut, read_cursor
from weatherapp.api.operations import PAGED, Call, Operation, Parameter, Slice
from weatherapp.api.schema import (
    ID,
    INTEGER,
    TEXT,
    TIME,
    Resource,
    field,
    list_of,
    maybe,
    one_of,
)
from weatherapp.models import (
    Place,
    PollProblem,
    SourceKind,
    SourceName,
    SourceState,
    WarningSource,
)


@dataclass(slots=True)
class WeatherSource:
    """Of the watched places that it serves."""

    name: str
    places: int = 0
    failing: int = 0
    fetched_at: datetime | None = None


WEATHER_SOURCE = Resource(
    "WeatherSource",
    "Where weather comes from.",
    (
        field("name", one_of(SourceName), "Which."),
        field("places", INTEGER, "Watched places that it serves."),
        field(
            "failing_places", INTEGER, "Of which the last fetch failed.", lambda one: one.failing
        ),
        field("fetched_at", maybe(TIME), "When weather last came in; null: never."),
    ),
)

WARNING_SOURCE = Resource(
    "WarningSource",
    "A feed of an authority's warnings. A failed poll does not mean that there are none.",
    (
        field("id", ID, "Its number.", lambda row: row.pk),
        field("key", TEXT, "A short name that stays."),
        field("issuer", TEXT, "Who warns."),
        field(
            "countries",
            list_of(TEXT),
            "ISO 3166, two letters each; none: the world.",
            lambda row: row.countries.split(),
        ),
        field("kind", one_of(SourceKind), "What its document is."),
        field("licence", TEXT, "Under which its warnings may be shown."),
        field("attribution", TEXT, "The line that stands with its warnings."),
        field("state", one_of(SourceState), "Only what is on is ever asked."),
        field(
            "interval_s",
            INTEGER,
            "Between two polls.",
            lambda row: int(row.asked_every.total_seconds()),
            "s",
        ),
        field("polled_at", maybe(TIME), "The last poll."),
        field(
            "succeeded_at",
            maybe(TIME),
            "The last poll that was whole: as of when its warnings are known.",
        ),
        field("failed_at", maybe(TIME), "The last that was not."),
        field(
            "problem",
            maybe(one_of(PollProblem)),
            "Why the last poll was not whole; null: it was.",
            lambda row: row.problem or None,
        ),
        field("failures", INTEGER, "Since the last success."),
        field("in_force", maybe(INTEGER), "Its warnings in force; null: not known."),
    ),
)


def _list_weather_sources(call: Call) -> Slice:
    """One query: places that say nothing have the site's."""
    rows = (
        Place.objects.active()
        .order_by()
        .values_list("source")
        .annotate(
            count=Count("pk"),
            failing=Count("pk", filter=Q(fetch_failures__gt=0)),
            newest=Max("fetched_at"),
        )
    )
    found: dict[str, WeatherSource] = {}
    for name, count, failing, newest in rows:
        source = name or settings.WEATHER_SOURCE
        row = found.setdefault(source, WeatherSource(source))
        row.places += count
        row.failing += failing
        row.fetched_at = max(filter(None, (row.fetched_at, newest)), default=None)
    return Slice([found[name] for name in sorted(found)])


def _list_warning_sources(call: Call) -> Slice:
    after = read_cursor(call, int) or (0,)
    rows = WarningSource.objects.filter(pk__gt=after[0]).order_by("pk")
    if call["state"] is not None:
        rows = rows.filter(state=call["state"])
    return cut(call, list(rows[: call["limit"] + 1]), "pk")


def _read_version(call: Call) -> str:
    marks = WarningSource.objects.aggregate(
        count=Count("pk"),
        on=Count("pk", filter=Q(state=SourceState.ON)),
        suggested=Count("pk", filter=Q(state=SourceState.SUGGESTED)),
        decided=Max("decided_at"),
        polled=Max("polled_at"),
    )
    return f"warning sources {marks}"


OPERATIONS = (
    Operation(
        "list_weather_sources",
        "GET",
        "api_weather_sources",
        "Sources",
        "List sources of weather",
        WEATHER_SOURCE,
        _list_weather_sources,
        is_list=True,
    ),
    Operation(
        "list_warning_sources",
        "GET",
        "api_warning_sources",
        "Sources",
        "List sources of official warnings",
        WARNING_SOURCE,
        _list_warning_sources,
        "In the order of their numbers.",
        parameters=(Parameter("state", one_of(SourceState), "In this state."), *PAGED),
        is_list=True,
        read_version=_read_version,
    ),
)
