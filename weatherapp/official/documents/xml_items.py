"""Messages and links of an XML document: CAP alone, many in a wrapper, EDXL-DE, Atom, RSS."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from weatherapp.official.documents.cap import build_message, has_cap
from weatherapp.official.documents.entries import Entries
from weatherapp.official.documents.errors import (
    NotADocumentError,
    TooManyEntriesError,
    WebPageError,
)
from weatherapp.official.documents.message import Dropped, Item
from weatherapp.official.documents.node import XmlNode, text_of
from weatherapp.official.documents.xml_parts import XmlParts

ALERT, STATUS, TITLE = "alert", "distributionStatus", "title"
ENTRIES = ("entry", "item")
WANTED = frozenset([ALERT, STATUS, TITLE, *ENTRIES])
# What may hold no warning and still says so: all is quiet.
MAY_BE_EMPTY = frozenset(["feed", "rss", "RDF", "alerts", "EDXLDistribution"])
MOST_ENTRIES = 20_000


def read_xml(body: bytes, country: str = "") -> Iterator[Item]:
    """Of UTF-8. Raises DocumentError, also after some items: then none of them may be used."""
    parts = XmlParts(body, WANTED)
    reader = _Reader(country)
    for part in parts:
        yield from reader.read(part)
    yield from reader.entries.read_rest()
    if parts.root.lower() == "html":
        raise WebPageError("It is a web page.")
    if not reader.has_read and parts.root not in MAY_BE_EMPTY:
        raise NotADocumentError(f"An XML document <{parts.root[:40]}> holds no warnings.")


class _Reader:
    def __init__(self, country: str) -> None:
        self.entries = Entries(country)
        self.has_read = False
        self._country = country
        self._status = ""  # of the envelope, EDXL-DE's
        self._count = 0

    def read(self, part: Element) -> Iterator[Item]:
        if part.tag == STATUS:
            self._status = text_of(part)
            return
        if part.tag == TITLE:
            self.entries.feed_title = self.entries.feed_title or text_of(part)
            return
        self._count += 1
        if self._count > MOST_ENTRIES:
            raise TooManyEntriesError(f"It has more than {MOST_ENTRIES:,} entries.")
        alerts = [part] if part.tag == ALERT else list(part.iter(ALERT))
        nodes = [node for node in map(XmlNode, alerts) if has_cap(node)]
        self.has_read = self.has_read or bool(nodes) or part.tag in ENTRIES
        for node in nodes:
            yield self._read_alert(node)
        if not nodes and part.tag in ENTRIES:
            yield from self.entries.read(part)

    def _read_alert(self, node: XmlNode) -> Item:
        if self._status not in ("", "Actual"):
            return Dropped(node.text("identifier"), f"status of its envelope: {self._status}")
        return build_message(node, self._country)
