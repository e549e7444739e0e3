"""A message as CAP 1.2. Pure; the standard library's writer, so that no name can break out of its element.

https://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2-os.html; what readers in the field need besides
stands in docs/publishing.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from weatherapp.domain.cap import Certainty, Severity, Urgency
from weatherapp.publishing.area import Ring
from weatherapp.publishing.text import Text, clean

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
LONGEST_EVENT = 35  # characters, by Google's rules
LONGEST_HEADLINE = 139


@dataclass(frozen=True, slots=True)
class Reference:
    sender: str
    identifier: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class CapMessage:
    """`texts`: one a language, the site's main one first. `sent_at` has whole seconds."""

    identifier: str
    sender: str
    sent_at: datetime
    status: str
    message_type: str
    references: tuple[Reference, ...]
    note: str
    response_type: str
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    event_code: tuple[str, str]
    onset_at: datetime
    expires_at: datetime
    sender_name: str
    web: str
    contact: str
    area_name: str
    rings: tuple[Ring, ...]
    texts: tuple[Text, ...]


def write_cap(message: CapMessage) -> bytes:
    """UTF-8, with its XML declaration."""
    root = ET.Element("alert", xmlns=NAMESPACE)
    _add(root, "identifier", message.identifier)
    _add(root, "sender", message.sender)
    _add(root, "sent", write_time(message.sent_at))
    _add(root, "status", message.status)
    _add(root, "msgType", message.message_type)
    _add(root, "scope", "Public")
    _add(root, "note", message.note)
    _add(root, "references", " ".join(map(_name_reference, message.references)))
    for text in message.texts:
        _add_info(root, message, text)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def write_time(at: datetime) -> str:
    """As CAP has it: an offset, no fraction, never Z."""
    return at.astimezone(UTC).replace(microsecond=0).isoformat()


def write_ring(ring: Iterable[Sequence[float]]) -> str:
    """Latitude first; one space between pairs."""
    return " ".join(f"{latitude},{longitude}" for latitude, longitude in ring)


def shorten(text: str, longest: int) -> str:
    """At most so many characters, on one line."""
    words = " ".join(text.split())
    return words if len(words) <= longest else words[: longest - 1].rstrip(" ,:") + "\u2026"


def _name_reference(reference: Reference) -> str:
    return f"{reference.sender},{reference.identifier},{write_time(reference.sent_at)}"


def _add_info(root: ET.Element, message: CapMessage, text: Text) -> None:
    info = ET.SubElement(root, "info")
    _add(info, "language", text.language)
    _add(info, "category", "Met")
    _add(info, "event", shorten(text.event, LONGEST_EVENT))
    _add(info, "responseType", message.response_type)
    _add(info, "urgency", message.urgency)
    _add(info, "severity", message.severity)
    _add(info, "certainty", message.certainty)
    _add_pair(info, "eventCode", *message.event_code)
    _add(info, "effective", write_time(message.sent_at))
    _add(info, "onset", write_time(min(message.onset_at, message.expires_at)))
    _add(info, "expires", write_time(message.expires_at))
    _add(info, "senderName", message.sender_name)
    _add(info, "headline", shorten(text.headline, LONGEST_HEADLINE))
    _add(info, "description", text.description)
    _add(info, "instruction", text.instruction)
    _add(info, "web", message.web)
    _add(info, "contact", message.contact)
    area = ET.SubElement(info, "area")
    _add(area, "areaDesc", message.area_name)
    for ring in message.rings:
        _add(area, "polygon", write_ring(ring))


def _add_pair(parent: ET.Element, name: str, key: str, value: str) -> None:
    pair = ET.SubElement(parent, name)
    _add(pair, "valueName", key)
    _add(pair, "value", value)


def _add(parent: ET.Element, name: str, text: str) -> None:
    """Nothing where there is nothing to say: an empty element is no value."""
    if text:
        ET.SubElement(parent, name).text = clean(text)
