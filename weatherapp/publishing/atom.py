"""A feed as Atom (RFC 4287): an entry leads to its message as CAP, and to the page for people."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from django.conf import settings

from weatherapp.models import PublishedMessage
from weatherapp.publishing.cap_xml import write_ring, write_time
from weatherapp.publishing.feed import CAP_TYPE, Feed, cap_address, page_address
from weatherapp.publishing.rings import rings_of
from weatherapp.publishing.text import clean

ATOM = "http://www.w3.org/2005/Atom"
LONG_AGO = "2000-01-01T00:00:00+00:00"  # a feed must say when it changed, and nothing ever did


def write_atom(feed: Feed) -> bytes:
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": feed.language})
    root.set("xmlns:cap", "urn:oasis:names:tc:emergency:cap:1.2")
    root.set("xmlns:georss", "http://www.georss.org/georss")
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
    text, entry = feed.text(message), ET.SubElement(root, "entry")
    _add(entry, "id", cap_address(message))
    _add(entry, "title", text.headline)
    _add(entry, "updated", write_time(message.sent_at))
    _add(entry, "published", write_time(message.sent_at))
    _link(entry, rel="alternate", type=CAP_TYPE, href=cap_address(message))
    _link(entry, rel="related", type="text/html", href=page_address(message))
    _add(entry, "summary", text.description)
    ET.SubElement(entry, "category", term=message.severity)
    _add(entry, "cap:event", text.event)
    _add(entry, "cap:effective", write_time(message.sent_at))
    _add(entry, "cap:expires", write_time(message.expires_at))
    _add(entry, "cap:status", message.status)
    _add(entry, "cap:msgType", message.message_type)
    _add(entry, "cap:category", "Met")
    _add(entry, "cap:urgency", message.urgency)
    _add(entry, "cap:severity", message.severity)
    _add(entry, "cap:certainty", message.certainty)
    _add(entry, "cap:areaDesc", message.alert.place.name)
    for ring in rings_of(message):
        _add(entry, "georss:polygon", write_ring(ring).replace(",", " "))


def _link(parent: ET.Element, **attributes: str) -> None:
    ET.SubElement(parent, "link", attributes)


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = clean(text)
