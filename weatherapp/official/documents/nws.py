"""An alert of the US National Weather Service's JSON to a message: as GeoJSON and as JSON-LD.

https://www.weather.gov/documentation/services-web-api
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from weatherapp.domain.cap import Urgency
from weatherapp.official.documents.areas import read_geojson
from weatherapp.official.documents.cap import (
    ENDS,
    find_certainty,
    find_level,
    find_severity,
    find_word,
)
from weatherapp.official.documents.message import (
    Area,
    Dropped,
    Info,
    Message,
    Pairs,
    Reference,
    Ring,
)
from weatherapp.official.documents.node import clean
from weatherapp.official.documents.rings import RingError, make_rings
from weatherapp.official.documents.times import read_time

ADDRESS = re.compile(r".*/alerts/([^/?#]+)/?$")
WKT_RING = re.compile(r"\(([^()]+)\)")
ALERT_TYPE = "wx:Alert"
UGC = "UGC"


def is_nws_alert(properties: Mapping[str, Any]) -> bool:
    """Whether an object is one of the service's alerts, and not a forecast or a station."""
    if properties.get("@type") == ALERT_TYPE:
        return True
    return "event" in properties and ("messageType" in properties or "urgency" in properties)


def build_nws_message(properties: Mapping[str, Any], geometry: Any) -> Message | Dropped:
    """Of an alert's properties and its geometry, GeoJSON or WKT."""
    identifier = _read_id(properties.get("id") or properties.get("@id"))
    said = _text(properties, "sent") or _text(properties, "effective")
    sent_at = read_time(said)
    if not identifier:
        return Dropped("", "it has no id")
    if sent_at is None:
        return Dropped(identifier, "its sent is missing or no time")
    return Message(
        identifier=identifier,
        sender=_text(properties, "sender"),
        sent_at=sent_at,
        status=_text(properties, "status").capitalize(),
        message_type=_text(properties, "messageType").capitalize(),
        scope=_text(properties, "scope").capitalize(),
        source="",
        restriction="",
        addresses="",
        codes=tuple(map(clean, _list(properties.get("code")))),
        note=_text(properties, "note"),
        references=tuple(_list_references(properties.get("references"))),
        incidents="",
        infos=(_build_info(properties, geometry),),
        replaced_by=_read_id(properties.get("replacedBy")),
    )


def _build_info(properties: Mapping[str, Any], geometry: Any) -> Info:
    parameters = _read_pairs(properties.get("parameters"))
    level = find_level(parameters)
    ending = next((value for name, value in parameters if name == ENDS), "")
    urgency, severity, certainty = (
        _text(properties, name) for name in ("urgency", "severity", "certainty")
    )
    return Info(
        language=_text(properties, "language") or "en-US",
        categories=tuple(map(clean, _list(properties.get("category")))),
        event=_text(properties, "event"),
        response_types=tuple(map(clean, _list(properties.get("response")))),
        urgency=find_word(Urgency, urgency),
        severity=find_severity(severity, level),
        certainty=find_certainty(certainty),
        raw_urgency=urgency,
        raw_severity=severity,
        raw_certainty=certainty,
        awareness_level=level,
        audience="",
        event_codes=_read_pairs(properties.get("eventCode")),
        effective_at=read_time(_text(properties, "effective")),
        onset_at=read_time(_text(properties, "onset")),
        expires_at=read_time(_text(properties, "expires")),
        ends_at=read_time(_text(properties, "ends") or ending),
        sender_name=_text(properties, "senderName"),
        headline=_text(properties, "headline"),
        description=_text(properties, "description"),
        instruction=_text(properties, "instruction"),
        web=_text(properties, "web"),
        contact="",
        parameters=parameters,
        resources=(),
        areas=(_build_area(properties, geometry),),
    )


def _build_area(properties: Mapping[str, Any], geometry: Any) -> Area:
    problems: list[str] = []
    rings, holes = _read_geometry(geometry, problems)
    codes = _read_pairs(properties.get("geocode"))
    if not any(name == UGC for name, _ in codes):
        zones = _list(properties.get("affectedZones"))
        codes += tuple((UGC, clean(zone).rstrip("/").rpartition("/")[2]) for zone in zones)
    return Area(
        description=_text(properties, "areaDesc"),
        polygons=tuple(rings),
        excluded=tuple(holes),
        geocodes=tuple(dict.fromkeys(codes)),
        problems=tuple(problems),
    )


def _read_geometry(geometry: Any, problems: list[str]) -> tuple[list[Ring], list[Ring]]:
    if isinstance(geometry, dict):
        return read_geojson(geometry, problems)
    rings: list[Ring] = []
    if isinstance(geometry, str) and geometry:
        for text in WKT_RING.findall(geometry):
            try:
                rings += make_rings(_read_wkt(text), None)
            except RingError as error:
                problems.append(f"polygon: {error}")
    return rings, []


def _read_wkt(text: str) -> list[tuple[float, float]]:
    """Well-known text has longitude first."""
    points = []
    for corner in text.split(","):
        try:
            longitude, latitude = map(float, corner.split()[:2])
        except ValueError as error:
            raise RingError("a corner is not two numbers") from error
        points.append((latitude, longitude))
    return points


def _list_references(value: Any) -> list[Reference]:
    found = []
    for part in _list(value):
        if not isinstance(part, dict):
            part = {"identifier": part}  # an address alone, as JSON-LD may write it
        identifier = _read_id(part.get("identifier") or part.get("@id"))
        if identifier:
            sent_at = read_time(_text(part, "sent"))
            found.append(Reference(_text(part, "sender"), identifier, sent_at))
    return list(dict.fromkeys(found))


def _read_id(value: Any) -> str:
    """Of an identifier, or of the address at which the service keeps that alert."""
    text = clean(value)
    found = ADDRESS.match(text)
    return found[1] if found else text


def _read_pairs(value: Any) -> Pairs:
    """Of {"name": ["value", ...]}."""
    if not isinstance(value, dict):
        return ()
    return tuple(
        (clean(name), clean(part)) for name, parts in value.items() for part in _list(parts)
    )


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(properties: Mapping[str, Any], name: str) -> str:
    value = properties.get(name)
    return "" if isinstance(value, dict | list) else clean(value)
