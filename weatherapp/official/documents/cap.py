"""CAP 1.0, 1.1 and 1.2, and CAP written as JSON, to a message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from weatherapp.domain.cap import Certainty, Severity, Urgency
from weatherapp.official.documents.areas import AreaReader
from weatherapp.official.documents.country_boxes import box_of, country_of
from weatherapp.official.documents.message import (
    Dropped,
    Info,
    Message,
    Pairs,
    Reference,
    Resource,
)
from weatherapp.official.documents.node import Node, read_pairs
from weatherapp.official.documents.times import read_time

AWARENESS_LEVEL = "awareness_level"  # MeteoAlarm's parameter: "2; yellow; Moderate"
GREEN, YELLOW, ORANGE, RED = 1, 2, 3, 4
COLOURS = {"green": GREEN, "yellow": YELLOW, "orange": ORANGE, "red": RED}
BY_LEVEL = {
    GREEN: Severity.MINOR,
    YELLOW: Severity.MODERATE,
    ORANGE: Severity.SEVERE,
    RED: Severity.EXTREME,
}
ENDS = "eventEndingTime"  # NWS's parameter, where CAP has no element for it

Word = TypeVar("Word", bound=StrEnum)


def build_message(node: Node, country: str = "") -> Message | Dropped:
    """`country`: the source's, else it is guessed from the sender: see right_way_round()."""
    identifier, sent = node.text("identifier"), node.text("sent")
    sent_at = read_time(sent)
    if not identifier:
        return Dropped("", "it has no identifier")
    if sent_at is None:
        return Dropped(identifier, "its sent is missing or no time")
    sender = node.text("sender")
    areas = AreaReader(box_of(country or country_of(sender)))
    return Message(
        identifier=identifier,
        sender=sender,
        sent_at=sent_at,
        status=node.text("status").capitalize(),
        message_type=node.text("msgType").capitalize(),
        scope=node.text("scope").capitalize(),
        source=node.text("source"),
        restriction=node.text("restriction"),
        addresses=node.text("addresses"),
        codes=tuple(filter(None, node.texts("code"))),
        note=node.text("note"),
        references=read_references(" ".join(node.texts("references"))),
        incidents=node.text("incidents"),
        infos=tuple(build_info(info, areas) for info in node.nodes("info")),
    )


def build_info(node: Node, areas: AreaReader) -> Info:
    """Of CAP's info element."""
    parameters = read_pairs(node.nodes("parameter"))
    level = find_level(parameters)
    return Info(
        language=node.text("language"),
        categories=_list_words(node, "category"),
        event=node.text("event"),
        response_types=_list_words(node, "responseType"),
        urgency=find_word(Urgency, node.text("urgency")),
        severity=find_severity(node.text("severity"), level),
        certainty=find_certainty(node.text("certainty")),
        raw_urgency=node.text("urgency"),
        raw_severity=node.text("severity"),
        raw_certainty=node.text("certainty"),
        awareness_level=level,
        audience=node.text("audience"),
        event_codes=read_pairs(node.nodes("eventCode")),
        effective_at=read_time(node.text("effective")),
        onset_at=read_time(node.text("onset")),
        expires_at=read_time(node.text("expires")),
        ends_at=read_time(next((text for name, text in parameters if name == ENDS), "")),
        sender_name=node.text("senderName"),
        headline=node.text("headline"),
        description=node.text("description"),
        instruction=node.text("instruction"),
        web=node.text("web"),
        contact=node.text("contact"),
        parameters=parameters,
        resources=tuple(_build_resource(resource) for resource in node.nodes("resource")),
        areas=tuple(areas.read(area) for area in node.nodes("area")),
    )


def read_references(text: str) -> tuple[Reference, ...]:
    """CAP: "sender,identifier,sent" divided by whitespace, each once; what is none is left out."""
    found = []
    for word in text.split():
        sender, _, rest = word.partition(",")
        # The time holds no comma, an identifier of Australia's does.
        identifier, _, sent = rest.rpartition(",")
        if identifier:
            found.append(Reference(sender, identifier, read_time(sent)))
    return tuple(dict.fromkeys(found))


def find_level(parameters: Pairs) -> int | None:
    """Countries write "2; yellow; Moderate", "2;yellow", "Yellow": by the number, else the colour."""
    for name, value in parameters:
        if name.lower() == AWARENESS_LEVEL:
            number = re.match(r"\s*([1-4])\b", value)
            if number:
                return int(number[1])
            words = re.findall(r"[a-z]+", value.lower())
            return next((COLOURS[word] for word in words if word in COLOURS), None)
    return None


def find_severity(raw: str, level: int | None) -> Severity:
    """CAP's word; where it is none or Unknown, what MeteoAlarm's colour stands for."""
    severity = find_word(Severity, raw)
    if severity is Severity.UNKNOWN and level is not None:
        return BY_LEVEL[level]
    return severity


def find_certainty(raw: str) -> Certainty:
    """CAP 1.0 also had "Very Likely"."""
    return Certainty.LIKELY if raw.lower() == "very likely" else find_word(Certainty, raw)


def find_word(words: type[Word], raw: str) -> Word:
    """Whatever its case; the list's Unknown for any other."""
    wanted = raw.strip().lower()
    return next((word for word in words if word.lower() == wanted), words("Unknown"))


def _list_words(node: Node, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, node.texts(name))))


def _build_resource(node: Node) -> Resource:
    return Resource(
        description=node.text("resourceDesc"),
        mime_type=node.text("mimeType"),
        uri=node.text("uri"),
        size=node.text("size"),
        digest=node.text("digest"),
    )


def has_cap(node: Node) -> bool:
    """Whether an element named alert is one of CAP's."""
    wanted: Sequence[str] = ("identifier", "sent", "msgType", "info")
    return any(node.nodes(name) or node.text(name) for name in wanted)
