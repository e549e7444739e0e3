"""Official warnings in the demo's rows, which asks no source: in force, in another language, over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.system.site import Site
from weatherapp.models.packed import pack

HOUR = timedelta(hours=1)
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogochundhernochmalsolang80x"
HEAT = {
    "language": "en-US",
    "event": "Heat Advisory",
    "headline": "Heat Advisory issued by the Weather Office of New York",
    "description": "* WHAT...Heat index values up to 103.\n\n* WHERE...New York City.",
    "instruction": "Drink plenty of fluids.\nStay out of the sun.",
    "web": "https://weather.example/",
}
STORM = {
    "language": "de-DE",
    "event": "Sturmböen",
    "description": "Es treten Sturmböen mit Geschwindigkeiten bis 75 km/h auf.",
    "instruction": "Zum Beispiel können einzelne Äste herabstürzen.",
}
ARABIC = {"language": "ar", "event": "تحذير من الرياح", "description": "رياح قوية."}


def store_official_warnings(site: Site) -> None:
    """At the first place; the rows have the ids 1 to 3. Nobody polls the source for a year."""
    now = datetime.now(UTC)
    for pk, issuer in ((1, "Weather Office of New York"), (2, "Alarm of Alarms")):
        _insert(
            site,
            "warningsource",
            id=pk,
            key=f"test-{pk}",
            issuer=issuer,
            countries="US",
            address="https://weather.example/feed.xml",
            attribution=f"Source: {issuer}",
            licence="CC BY 4.0",
            state="on",
            succeeded_at=now - 2 * HOUR * (pk - 1),
            next_poll_at=now + 8760 * HOUR,
        )
    _warn(site, 1, now, source_ids=(1, 2), severity="Extreme", texts=[HEAT, STORM, ARABIC])
    _warn(site, 2, now, texts=[STORM], areas=[LONG], unresolved=[f"Sea {LONG}"])
    _warn(site, 3, now, texts=[HEAT], ended_at=now, ended_because="CANCELLED")


def _warn(
    site: Site,
    pk: int,
    now: datetime,
    *,
    texts: list[Any],
    source_ids: tuple[int, ...] = (1,),
    severity: str = "Moderate",
    ended_at: datetime | None = None,
    ended_because: str = "",
    areas: list[str] | None = None,
    unresolved: list[str] | None = None,
) -> None:
    times = {"onset_at": now - HOUR, "ends_at": now + 72 * HOUR}
    both = {"hazard": "HEAT", "severity": severity, "created_at": now, "changed_at": now, **times}
    both |= {"ended_at": ended_at, "ended_because": ended_because}
    _insert(site, "officialwarning", id=pk, public_id=uuid4().hex, told_ends_at=None, **both)
    for number, source_id in enumerate(source_ids):
        event_id = pk * 10 - 9 + number
        _insert(
            site,
            "officialevent",
            id=event_id,
            warning_id=pk,
            source_id=source_id,
            key=f"event-{event_id}",
            issuer="Weather Office of New York",
            certainty="Likely",
            urgency="Expected",
            sent_at=now - HOUR,
            texts=pack(texts, 4),
            area=pack({}, 4),
            areas=areas or ["New York", "Kings"],
            unresolved=unresolved or [],
            codes=[],
            languages=[],
            identifiers=[f"urn:oid:{event_id}"],
            heads=[],
            **both,
        )
        _insert(site, "officialplace", event_id=event_id, place_id=1, since_at=now)
        _insert(
            site,
            "officialmessage",
            id=event_id,
            source_id=source_id,
            identifier=f"urn:oid:2.49.0.1.840.0.{LONG}.{event_id}",
            sent_at=now - HOUR,
            is_summary=0,
            address="https://weather.example/message.xml",
            links=[],
            packed=b"",
            stored_at=now,
            seen_at=now,
            event_id=event_id,
        )
    for reason in ("ISSUED", *([ended_because] if ended_because else ["ESCALATED"])):
        _insert(
            site,
            "officialchange",
            warning_id=pk,
            reason=reason,
            severity=severity,
            created_at=now,
            is_silent=1,
            awaits_mails=0,
            **times,
        )


def _insert(site: Site, table: str, **values: Any) -> None:
    """Columns that a source does not name have no defaults in the database: they are given here."""
    if table == "warningsource":
        values = SOURCE | values
    names = ", ".join(values)
    marks = ", ".join("?" for _ in values)
    statement = f"INSERT INTO weatherapp_{table} ({names}) VALUES ({marks})"  # noqa: S608
    site.query(statement, *map(_write, values.values()))


def _write(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    return str(value).replace("'", '"') if isinstance(value, list) else value


SOURCE: dict[str, Any] = {
    "is_own": 1,
    "is_listed": 1,
    "language": "en",
    "kind": "cap_feed",
    "interval_s": 600,
    "own_address": "",
    "most_mb": 32,
    "problem": "",
    "problem_words": "",
    "failures": 0,
    "etag": "",
    "last_modified": "",
    "read_with": "",
    "body_sha256": "",
}
