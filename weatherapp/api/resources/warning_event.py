"""What one source says of a danger, with the line that must stand with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from weatherapp.api.schema import (
    FLAG,
    NUMBER,
    TEXT,
    TIME,
    Field,
    Resource,
    Type,
    field,
    list_of,
    maybe,
    of,
    one_of,
)
from weatherapp.domain.cap import Certainty, Severity
from weatherapp.models import EndReason, OfficialEvent
from weatherapp.models.stored import as_time

POSITION = Type({"type": "array", "items": NUMBER.schema, "minItems": 2, "maxItems": 2})
RING = list_of(POSITION)
CODE = list_of(TEXT, minItems=2, maxItems=2)

Seen = tuple[OfficialEvent, datetime]


def _of_event(name: str) -> Callable[[Seen], Any]:
    return lambda seen: getattr(seen[0], name)


def _of_source(name: str) -> Callable[[Seen], Any]:
    return lambda seen: getattr(seen[0].source, name)


def _is_silent(seen: Seen) -> bool:
    source, now = seen[0].source, seen[1]
    age = source.age(now)
    return age is None or age > source.longest_silence


def _said(name: str) -> Callable[[Any], Any]:
    return lambda text: text.get(name) or None


def _text(name: str, description: str) -> Field:
    return field(name, maybe(TEXT), f"{description} Null: not said.", _said(name))


WARNING_TEXT = Resource(
    "WarningText",
    "What the issuer says in one language, word for word.",
    (
        _text("language", "RFC 5646."),
        _text("event", "What it is about."),
        _text("headline", "In a line."),
        _text("description", "What is expected."),
        _text("instruction", "What to do."),
        _text("web", "Address with more."),
        _text("contact", "Whom to ask."),
        _text("sender_name", "Who says so."),
        _text("awareness_level", "MeteoAlarm's: number, colour and word."),
        field("onset_at", maybe(TIME), "When it begins.", lambda text: as_time(text.get("onset"))),
        field("ends_at", maybe(TIME), "When it ends.", lambda text: as_time(text.get("ends"))),
    ),
)

SHAPE = Resource(
    "AreaShape",
    "A part of an area: within any of its polygons or circles, and in none of what is excluded. "
    "Positions are degrees north and east.",
    (
        field("polygons", list_of(RING), "Closed rings.", lambda one: one["polygons"]),
        field("excluded", list_of(RING), "Closed rings.", lambda one: one["excluded"]),
        field(
            "circles",
            list_of(list_of(NUMBER, minItems=3, maxItems=3)),
            "Degrees north and east, radius in km.",
            lambda one: one["circles"],
        ),
    ),
)

_FIELDS = (
    field("issuer", TEXT, "Who warns.", _of_event("issuer")),
    field("source", TEXT, "Key of the source that it came from.", _of_source("key")),
    field("attribution", TEXT, "The line that must stand with it.", _of_source("attribution")),
    field("licence", TEXT, "Under which it may be shown.", _of_source("licence")),
    field(
        "known_at",
        maybe(TIME),
        "As of when the source's warnings are known.",
        _of_source("succeeded_at"),
    ),
    field(
        "is_source_silent",
        FLAG,
        "Whether the source has not been heard of for too long: what it said last may no longer hold.",
        _is_silent,
    ),
    field("severity", one_of(Severity), "CAP: how bad.", _of_event("severity")),
    field("certainty", one_of(Certainty), "CAP: how sure.", _of_event("certainty")),
    field("urgency", TEXT, "CAP: how soon, as the issuer says.", _of_event("urgency")),
    field("sent_at", TIME, "Time of the newest message.", _of_event("sent_at")),
    field("onset_at", TIME, "When it begins, or began.", _of_event("onset_at")),
    field("ends_at", maybe(TIME), "When it ends; null: not said.", _of_event("ends_at")),
    field("ended_at", maybe(TIME), "When it was over.", _of_event("ended_at")),
    field(
        "ended_because",
        maybe(one_of(EndReason)),
        "Why; null where it is not over.",
        lambda seen: seen[0].ended_because or None,
    ),
    field("languages", list_of(TEXT), "In which there are texts.", _of_event("languages")),
    field("areas", list_of(TEXT), "In the issuer's words.", _of_event("areas")),
    field(
        "unresolved_areas",
        list_of(TEXT),
        "Areas of which this site does not know where they are.",
        _of_event("unresolved"),
    ),
    field(
        "codes",
        list_of(CODE),
        "Codes of areas, as pairs of register and code.",
        _of_event("codes"),
    ),
)
_TEXTS = field("texts", list_of(of(WARNING_TEXT)), "By language.", _of_event("texts"))

ABOUT = "What one source says of a danger, as it stands by its newest messages."
EVENT = Resource("OfficialEvent", ABOUT, _FIELDS)
EVENT_WITH_TEXTS = Resource("OfficialEventWithTexts", ABOUT, (*_FIELDS, _TEXTS))
WHOLE_EVENT = Resource(
    "WholeOfficialEvent",
    ABOUT,
    (
        *_FIELDS,
        _TEXTS,
        field(
            "identifiers",
            list_of(TEXT),
            "Of all its messages, the oldest first.",
            _of_event("identifiers"),
        ),
        field(
            "shapes",
            list_of(of(SHAPE)),
            "Its area, where the issuer gives it; none: see `codes`.",
            lambda seen: (seen[0].area or {}).get("areas", []),
        ),
    ),
)
