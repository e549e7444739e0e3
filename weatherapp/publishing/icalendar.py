"""A place's alerts as iCalendar (RFC 5545): an event each, which calendars change and cancel by its UID.

Written by hand: times are UTC, so that no description of a zone is needed, and what is left is lines.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from django.conf import settings

from weatherapp.models import MessageKind, PublishedMessage
from weatherapp.publishing.feed import Feed, page_address
from weatherapp.publishing.text import clean

LONGEST_LINE = 75  # octets
REFRESH = "PT15M"


def write_calendar(feed: Feed) -> bytes:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_escape(settings.SITE_NAME)}//Weather alerts//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{_escape(feed.title)}",
        f"X-WR-CALNAME:{_escape(feed.title)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
        f"X-PUBLISHED-TTL:{REFRESH}",
        f"URL:{feed.page}",
    ]
    for message in feed.messages:
        lines += _write_event(feed, message)
    lines.append("END:VCALENDAR")
    return "".join(part for line in lines for part in _fold(line)).encode()


def _write_event(feed: Feed, message: PublishedMessage) -> list[str]:
    text, place = feed.text(message), message.alert.place
    starts_at, ends_at = _find_span(message)
    is_cancelled = message.kind == MessageKind.CANCEL
    return [
        "BEGIN:VEVENT",
        f"UID:{message.alert.public_id}",
        f"DTSTAMP:{_write_time(message.sent_at)}",
        f"LAST-MODIFIED:{_write_time(message.sent_at)}",
        f"SEQUENCE:{message.number - 1}",
        f"STATUS:{'CANCELLED' if is_cancelled else 'CONFIRMED'}",
        f"DTSTART:{_write_time(starts_at)}",
        f"DTEND:{_write_time(ends_at)}",
        f"SUMMARY:{_escape(text.headline)}",
        f"DESCRIPTION:{_escape(text.description)}",
        f"LOCATION:{_escape(place.name)}",
        f"GEO:{place.latitude:.6f};{place.longitude:.6f}",
        f"URL:{page_address(message)}",
        f"CATEGORIES:{_escape(text.event)},{message.severity}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _find_span(message: PublishedMessage) -> tuple[datetime, datetime]:
    """An event has an end, and it is later than its start: an unknown one is when the message expires."""
    starts_at = message.onset_at
    ends_at = message.ends_at or message.expires_at
    if message.kind == MessageKind.ALL_CLEAR:
        ends_at = message.sent_at
    return min(starts_at, ends_at), max(starts_at, ends_at)


def _write_time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escape(text: str) -> str:
    for char in "\\;,":
        text = text.replace(char, "\\" + char)
    return clean(text).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _fold(line: str) -> Iterator[str]:
    """At most LONGEST_LINE octets a line, and no character is torn."""
    part, size, room = "", 0, LONGEST_LINE
    for char in line:
        width = len(char.encode())
        if size + width > room:
            yield part + "\r\n"
            part, size, room = " ", 1, LONGEST_LINE
        part, size = part + char, size + width
    yield part + "\r\n"
