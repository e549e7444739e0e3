"""Entries of Atom and RSS that point to messages, and what they say of them themselves.

MeteoAlarm writes one entry for each language, area and code of a message: they are put together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from weatherapp.domain.cap import Severity, Urgency
from weatherapp.official.documents.areas import AreaReader, split_codes
from weatherapp.official.documents.cap import (
    find_certainty,
    find_level,
    find_severity,
    find_word,
    read_references,
)
from weatherapp.official.documents.country_boxes import box_of, country_of
from weatherapp.official.documents.message import Area, Dropped, Info, Item, Link, Message
from weatherapp.official.documents.node import XmlNode, read_pairs, text_of
from weatherapp.official.documents.times import read_time

CAP_TYPE = "application/cap+xml"
RELATIONS = ("", "alternate", "enclosure", "related", "self")
# One of these, and the entry describes a warning; without, it only points to one.
TELLING = ("event", "severity", "urgency", "certainty", "expires")
GEOCODES_OF_ONE = frozenset(["UGC", "FIPS6", "SAME"])  # NWS: many in one value


@dataclass(slots=True)
class _Summary:
    """A message that several entries tell of; what is per info is per key of `infos`."""

    node: XmlNode
    identifier: str
    sender: str
    sent_at: datetime
    infos: dict[tuple[str, ...], tuple[XmlNode, dict[Area, None]]] = field(default_factory=dict)


class Entries:
    """Reads one entry after the other. `read_rest` gives what could only be put together."""

    def __init__(self, country: str) -> None:
        self.feed_title = ""  # who issues it, where the entries do not say
        self._country = country
        self._urls: set[str] = set()
        self._summaries: dict[str, _Summary] = {}

    def read(self, entry: Element) -> Iterator[Item]:
        node = XmlNode(entry)
        link = _read_link(entry, node)
        if link is not None and link.url not in self._urls:
            self._urls.add(link.url)
            yield link
        if any(node.text(name) for name in TELLING):
            dropped = self._add(entry, node, link)
            if dropped is not None:
                yield dropped
        elif link is None:
            yield Dropped(_identify(node), "the entry has neither a warning nor a link")

    def read_rest(self) -> Iterator[Item]:
        for summary in self._summaries.values():
            yield _build_summary(summary)

    def _add(self, entry: Element, node: XmlNode, link: Link | None) -> Dropped | None:
        identifier = _identify(node)
        if _is_web(identifier) and link is not None:
            # MeteoAlarm's older entries have an address each, and only the message's in common.
            identifier = link.url
        said = (node.text(name) for name in ("sent", "published", "updated", "pubDate"))
        sent_at = next((time for time in map(read_time, said) if time), None)
        if not identifier or sent_at is None:
            return Dropped(identifier, "the entry has no identifier, or no time")
        sender = node.text("sender") or _read_author(node) or self.feed_title
        summary = self._summaries.setdefault(
            identifier, _Summary(node, identifier, sender, sent_at)
        )
        key = tuple(
            node.text(name) for name in ("event", "onset", "expires", "severity", "language")
        )
        _, areas = summary.infos.setdefault(key, (node, {}))
        areas[self._read_area(node, sender)] = None
        return None

    def _read_area(self, node: XmlNode, sender: str) -> Area:
        area = AreaReader(box_of(self._country or country_of(sender))).read(node)
        codes = tuple(
            pair
            for name, value in area.geocodes
            for pair in (
                split_codes(((name, value),)) if name in GEOCODES_OF_ONE else [(name, value)]
            )
        )
        return replace(area, geocodes=codes)


def _build_summary(summary: _Summary) -> Message:
    node = summary.node
    return Message(
        identifier=summary.identifier,
        sender=summary.sender,
        sent_at=summary.sent_at,
        status=node.text("status").capitalize() or "Actual",  # feeds for the public seldom say it
        message_type=(node.text("msgType") or node.text("message_type")).capitalize() or "Alert",
        scope=node.text("scope").capitalize(),
        source="",
        restriction="",
        addresses="",
        codes=(),
        note="",
        references=read_references(" ".join(node.texts("references"))),
        incidents=node.text("incidents"),
        infos=tuple(_build_info(info, tuple(areas)) for info, areas in summary.infos.values()),
        is_summary=True,
    )


def _build_info(node: XmlNode, areas: tuple[Area, ...]) -> Info:
    parameters = read_pairs(node.nodes("parameter"))
    level = find_level(parameters)
    responses = tuple(filter(None, node.texts("responseType")))
    return Info(
        language=node.text("language"),
        categories=tuple(filter(None, node.texts("category")[:1])),
        event=node.text("event") or node.text("title"),
        response_types=responses,
        urgency=find_word(Urgency, node.text("urgency")),
        severity=find_severity(node.text("severity"), level),
        certainty=find_certainty(node.text("certainty")),
        raw_urgency=node.text("urgency"),
        raw_severity=node.text("severity"),
        raw_certainty=node.text("certainty"),
        awareness_level=level if level is not None else _green_of(node),
        audience="",
        event_codes=read_pairs(node.nodes("eventCode")),
        effective_at=read_time(node.text("effective")),
        onset_at=read_time(node.text("onset")),
        expires_at=read_time(node.text("expires")),
        ends_at=None,
        sender_name=node.text("senderName"),
        headline=node.text("headline") or node.text("title"),
        description=node.text("summary") or node.text("description"),
        instruction="",
        web="",
        contact="",
        parameters=parameters,
        resources=(),
        areas=areas,
    )


def _green_of(node: XmlNode) -> int | None:
    """MeteoAlarm's titles begin with the colour: "Green Wind Warning issued for ..."."""
    severity = find_word(Severity, node.text("severity"))
    return 1 if node.text("title").startswith("Green ") and severity.rank <= 1 else None


def _read_link(entry: Element, node: XmlNode) -> Link | None:
    url = next(iter(sorted(_list_urls(entry), key=lambda pair: pair[0])), (9, ""))[1]
    if not url:
        return None
    updated = node.text("updated") or node.text("pubDate") or node.text("published")
    return Link(
        url, node.text("identifier") or _identify(node), node.text("title"), read_time(updated)
    )


def _list_urls(entry: Element) -> Iterator[tuple[int, str]]:
    """With how likely a message is there, the likeliest lowest."""
    for link in entry.iter("link"):
        url = link.get("href") or text_of(link)
        if not _is_web(url):
            continue
        if link.get("type") == CAP_TYPE:
            yield 0, url
        elif link.get("rel", "") in RELATIONS:
            is_page = link.get("type") == "text/html" or link.get("hreflang")
            yield (3 if is_page else 1), url
    for name in ("guid", "id"):
        for element in entry.iter(name):
            if element.get("isPermaLink") != "false" and _is_web(text_of(element)):
                yield 2, text_of(element)


def _is_web(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


def _identify(node: XmlNode) -> str:
    return node.text("identifier") or node.text("guid") or node.text("id")


def _read_author(node: XmlNode) -> str:
    for author in node.nodes("author"):
        return author.text("email") or author.text("name")
    return node.text("author")
