"""Documents of warnings, small and made by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from weatherapp.official.documents.message import Message
from weatherapp.official.documents.read import read_document

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CAP = "urn:oasis:names:tc:emergency:cap:1.2"
SQUARE = "47,8 47,9 48,9 48,8 47,8"
HEAT = "/O.{action}.KBOX.HT.Y.0004.260301T1500Z-260302T0000Z/"


def make_area(
    *, polygon: str = "", circle: str = "", codes: Sequence[tuple[str, str]] = (), rest: str = ""
) -> str:
    """CAP's area element."""
    geocodes = "".join(
        f"<geocode><valueName>{name}</valueName><value>{value}</value></geocode>"
        for name, value in codes
    )
    shapes = (f"<polygon>{polygon}</polygon>" if polygon else "") + (
        f"<circle>{circle}</circle>" if circle else ""
    )
    return f"<area><areaDesc>Somewhere</areaDesc>{shapes}{geocodes}{rest}</area>"


def make_info(**said: str) -> str:
    """CAP's info element; "" leaves an element out, `rest` is put in as it is."""
    words = {
        "language": "en",
        "category": "Met",
        "event": "Wind",
        "responseType": "",
        "urgency": "Future",
        "severity": "Moderate",
        "certainty": "Likely",
        "onset": "2026-03-01T10:00:00+00:00",
        "expires": "2026-03-01T18:00:00+00:00",
        "senderName": "The Office",
        "headline": "Wind is coming",
    } | said
    rest = words.pop("rest", make_area(codes=[("EMMA_ID", "XX001")]))
    elements = "".join(f"<{name}>{text}</{name}>" for name, text in words.items() if text)
    return f"<info>{elements}{rest}</info>"


def make_cap(
    identifier: str = "a",
    *,
    sent: str = "2026-03-01T09:00:00+00:00",
    kind: str = "Alert",
    status: str = "Actual",
    scope: str = "Public",
    sender: str = "warnings@office.example",
    references: Sequence[str] = (),
    infos: Sequence[str] | None = None,
    namespace: str = CAP,
) -> str:
    """CAP's alert element. `references` are identifiers, of messages sent at 08:00."""
    triples = " ".join(f"{sender},{name},2026-03-01T08:00:00+00:00" for name in references)
    return (
        f'<alert xmlns="{namespace}"><identifier>{identifier}</identifier><sender>{sender}</sender>'
        f"<sent>{sent}</sent><status>{status}</status><msgType>{kind}</msgType>"
        f"<scope>{scope}</scope><references>{triples}</references>"
        f"{''.join([make_info()] if infos is None else infos)}</alert>"
    )


def with_parameter(name: str, value: str) -> str:
    """CAP's parameter element, and an area."""
    return (
        f"<parameter><valueName>{name}</valueName><value>{value}</value></parameter>"
        f"{make_area(codes=[('EMMA_ID', 'XX001')])}"
    )


def make_feed(*entries: str) -> str:
    """Atom."""
    return f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:cap="{CAP}">{"".join(entries)}</feed>'


def make_nws(identifier: str = "urn:oid:a", **said: Any) -> dict[str, Any]:
    """A feature of the NWS. `action` is VTEC's, `zones` are codes."""
    action, zones = said.pop("action", ""), said.pop("zones", ["MAZ001"])
    vtec = {"VTEC": [HEAT.format(action=action)]} if action else {}
    properties = {
        "id": identifier,
        "areaDesc": "Somewhere",
        "geocode": {"UGC": zones, "SAME": []},
        "references": [],
        "sent": "2026-03-01T09:00:00+00:00",
        "effective": "2026-03-01T09:00:00+00:00",
        "onset": "2026-03-01T10:00:00+00:00",
        "expires": "2026-03-01T13:00:00+00:00",
        "ends": "2026-03-02T00:00:00+00:00",
        "status": "Actual",
        "messageType": "Alert",
        "category": "Met",
        "severity": "Moderate",
        "certainty": "Likely",
        "urgency": "Expected",
        "event": "Heat Advisory",
        "sender": "w-nws.webmaster@noaa.gov",
        "senderName": "NWS Boston MA",
        "parameters": vtec | said.pop("parameters", {}),
    }
    geometry = said.pop("geometry", None)
    return {"type": "Feature", "geometry": geometry, "properties": properties | said}


def make_nws_feed(*features: dict[str, Any]) -> bytes:
    """What the service answers about many alerts."""
    return json.dumps({"type": "FeatureCollection", "features": features, "title": "x"}).encode()


def read(*documents: str | bytes) -> list[Message]:
    """The messages of all of them."""
    bodies = [text.encode() if isinstance(text, str) else text for text in documents]
    return [message for body in bodies for message in read_document(body).messages]


def read_nws(*features: dict[str, Any]) -> list[Message]:
    """The messages of one answer of the service."""
    return read(make_nws_feed(*features))
