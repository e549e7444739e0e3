"""How an official warning is written: in a list, at a place, and whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from weatherapp.api.resources.warning_event import EVENT, EVENT_WITH_TEXTS, WHOLE_EVENT
from weatherapp.api.schema import ID, TIME, UUID, Field, Resource, field, list_of, maybe, of, one_of
from weatherapp.domain.cap import Severity
from weatherapp.domain.official_hazards import OfficialHazard
from weatherapp.models import (
    EndReason,
    OfficialEvent,
    OfficialPlace,
    OfficialReason,
    OfficialWarning,
)


class Phase(StrEnum):
    """Where its time is."""

    FUTURE = "FUTURE"
    IN_FORCE = "IN_FORCE"
    ENDED = "ENDED"


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
