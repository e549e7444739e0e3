"""A feed as RSS 2.0 with GeoRSS: a point an item, which readers of that kind expect.

An item's link is its message, as in the feeds of authorities; Atom leads to the pages for people as well.
"""

from __future__ import annotations

from email.utils import format_datetime
from xml.etree import ElementTree as ET

from weatherapp.models import PublishedMessage
from weatherapp.publishing.feed import Feed, cap_address
from weatherapp.publishing.text import clean


def write_rss(feed: Feed) -> bytes:
    root = ET.Element("rss", version="2.0")
    root.set("xmlns:atom", "http://www.w3.org/2005/Atom")
    root.set("xmlns:georss", "http://www.georss.org/georss")
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", feed.title)
    _add(channel, "link", feed.page)
    _add(channel, "description", feed.title)
    _add(channel, "language", feed.language)
    if feed.updated_at:
        _add(channel, "pubDate", format_datetime(feed.updated_at))
        _add(channel, "lastBuildDate", format_datetime(feed.updated_at))
    ET.SubElement(
        channel, "atom:link", {"rel": "self", "type": "application/rss+xml", "href": feed.address}
    )
    for message in feed.messages:
        _add_item(channel, feed, message)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _add_item(channel: ET.Element, feed: Feed, message: PublishedMessage) -> None:
    text, item, place = feed.text(message), ET.SubElement(channel, "item"), message.alert.place
    cap = cap_address(message)
    _add(item, "title", text.headline)
    _add(item, "link", cap)
    _add(item, "description", text.description)
    _add(item, "category", message.severity)
    _add(item, "pubDate", format_datetime(message.sent_at))
    guid = ET.SubElement(item, "guid", isPermaLink="true")
    guid.text = cap
    _add(item, "georss:point", f"{place.latitude} {place.longitude}")


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = clean(text)
