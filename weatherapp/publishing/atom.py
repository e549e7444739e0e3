"""A feed as Atom (RFC 4287): an entry leads to its message as CAP, and to the page for people.

Of Atom's own elements alone, as the schema for Atom with CAP (atom-cap.xsd) wants it: what CAP says of a message
stands in categories, each with CAP's name of it as its scheme.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from django.conf import settings

from weatherapp.models import PublishedMessage
from weatherapp.publishing.cap_xml import NAMESPACE, write_time
from weatherapp.publishing.feed import CAP_TYPE, Feed, cap_address, page_address
from weatherapp.publishing.text import Text, clean

ATOM = "http://www.w3.org/2005/Atom"
LONG_AGO = "2000-01-01T00:00:00+00:00"  # a feed must say when it changed, and nothing ever did


def write_atom(feed: Feed) -> bytes:
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": feed.language})
    _add(root, "id", feed.address)
    _add(root, "title", feed.title)
    _add(root, "updated", write_time(feed.updated_at) if feed.updated_at else LONG_AGO)
    _link(root, rel="self", type="application/atom+xml", href=feed.address)
    _link(root, rel="alternate", type="text/html", href=feed.page)
    author = ET.SubElement(root, "author")
    _add(author, "name", settings.SITE_NAME)
    _add(author, "uri", settings.SITE_URL + "/")
    for message in feed.messages:
        _add_entry(root, feed, message)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _add_entry(root: ET.Element, feed: Feed, message: PublishedMessage) -> None:
    text, entry, cap = feed.text(message), ET.SubElement(root, "entry"), cap_address(message)
    _add(entry, "id", cap)
    _add(entry, "title", text.headline)
    _add(entry, "updated", write_time(message.sent_at))
    _add(entry, "published", write_time(message.sent_at))
    _link(entry, rel="alternate", type=CAP_TYPE, href=cap)
    _link(entry, rel="alternate", type="text/html", href=page_address(message))
    _add(entry, "summary", text.description)
    for name, term in _list_terms(message, text):
        ET.SubElement(entry, "category", scheme=f"{NAMESPACE}:{name}", term=clean(term))


def _list_terms(message: PublishedMessage, text: Text) -> Iterator[tuple[str, str]]:
    """What readers choose by without reading the message, by the names of CAP's elements."""
    yield "event", text.event
    yield "status", message.status
    yield "msgType", message.message_type
    yield "urgency", message.urgency
    yield "severity", message.severity
    yield "certainty", message.certainty
    yield "areaDesc", message.alert.place.name


def _link(parent: ET.Element, **attributes: str) -> None:
    ET.SubElement(parent, "link", attributes)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = clean(text)
