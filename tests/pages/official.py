"""Official warnings as the pages may find them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.factories import NOON
from tests.official.feeds import make_source
from weatherapp.models import (
    OfficialChange,
    OfficialEvent,
    OfficialMessage,
    OfficialPlace,
    OfficialWarning,
    Place,
    WarningSource,
)

HOUR = timedelta(hours=1)
GALE = {
    "language": "en-IE",
    "event": "Wind warning",
    "headline": "Gales on all coasts",
    "description": "South-west winds will reach gale force.\nStrongest in the west.",
    "instruction": "Stay away from the sea.",
    "web": "https://met.example/warnings",
}


def heard_source(**fields: Any) -> WarningSource:
    """That answered a minute before NOON."""
    defaults = {"issuer": "Met Office", "succeeded_at": NOON - timedelta(minutes=1)}
    return make_source(**(defaults | fields))


def make_warning(
    *places: Place, source: WarningSource | None = None, at: datetime = NOON, **fields: Any
) -> OfficialWarning:
    """Gales from an hour ago for six hours; `fields` are those of its event."""
    says: dict[str, Any] = {
        "hazard": "WIND",
        "severity": "Severe",
        "onset_at": NOON - HOUR,
        "ends_at": NOON + 5 * HOUR,
    }
    says |= {name: fields.pop(name) for name in tuple(says) if name in fields}
    warning = OfficialWarning.objects.create(created_at=at, changed_at=at, **says)
    OfficialChange.objects.create(
        warning=warning,
        reason="ISSUED",
        created_at=at,
        **{name: says[name] for name in ("severity", "onset_at", "ends_at")},
    )
    add_event(warning, *places, source=source, at=at, **says, **fields)
    return warning


def add_event(
    warning: OfficialWarning,
    *places: Place,
    source: WarningSource | None = None,
    at: datetime = NOON,
    **fields: Any,
) -> OfficialEvent:
    """What one more source tells of it."""
    known = source or WarningSource.objects.first() or heard_source()
    number = OfficialEvent.objects.count()
    defaults: dict[str, Any] = {
        "key": f"event-{number}",
        "hazard": warning.hazard,
        "issuer": known.issuer,
        "severity": warning.severity,
        "certainty": "Likely",
        "urgency": "Expected",
        "sent_at": NOON - 2 * HOUR,
        "onset_at": warning.onset_at,
        "ends_at": warning.ends_at,
        "texts": [GALE],
        "areas": ["Kerry"],
    }
    event = OfficialEvent.objects.create(
        warning=warning, source=known, created_at=at, changed_at=at, **(defaults | fields)
    )
    OfficialPlace.objects.bulk_create(
        OfficialPlace(event=event, place=place, since_at=at) for place in places
    )
    OfficialMessage.objects.create(
        source=known,
        identifier=f"urn:message:{number}",
        sent_at=event.sent_at,
        packed=b"",
        stored_at=at,
        seen_at=at,
        event=event,
    )
    return event
