"""What an event says, as its row keeps it: texts by language, its shape, its codes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Any

from weatherapp.official.areas.schemes import read_code
from weatherapp.official.documents.message import Area, Info
from weatherapp.official.events.event import Event

# More parts than any reader reads; a message of China's or Canada's may have hundreds.
MOST_TEXTS, MOST_AREAS = 40, 200
WORDS = (
    "language",
    "event",
    "headline",
    "description",
    "instruction",
    "web",
    "contact",
    "sender_name",
    "raw_severity",
    "raw_urgency",
    "raw_certainty",
)
Text = dict[str, Any]


def list_texts(event: Event) -> list[Text]:
    """Each once: what CAP's infos say, with times as ISO 8601; empty words are left out."""
    found = [_read_text(info) for info in event.infos]
    once = {tuple(sorted(text.items())): text for text in found}
    return list(once.values())[:MOST_TEXTS]


def _read_text(info: Info) -> Text:
    text = {name: getattr(info, name) for name in WORDS if getattr(info, name)}
    ends_at = info.ends_at or info.expires_at
    if info.onset_at:
        text["onset"] = info.onset_at.isoformat()
    if ends_at:
        text["ends"] = ends_at.isoformat()
    if info.awareness_level:
        text["awareness_level"] = info.awareness_level
    return text


def list_areas(event: Event) -> list[str]:
    """As the issuer calls them, each once."""
    named = (area.description for info in event.infos for area in info.areas)
    return list(dict.fromkeys(filter(None, named)))[:MOST_AREAS]


def read_shape(event: Event) -> dict[str, Any]:
    """Polygons, holes and circles of all areas, each once, in degrees north and east."""
    areas = {area for info in event.infos for area in info.areas if area.has_geometry}
    ordered = sorted(areas, key=lambda area: (area.description, area.polygons))
    shapes = [_read_shape(area) for area in ordered]
    return {"areas": _leave_out_repeated(shapes)} if shapes else {}


def _read_shape(area: Area) -> dict[str, Any]:
    return {
        "polygons": [[list(corner) for corner in ring] for ring in area.polygons],
        "excluded": [[list(corner) for corner in ring] for ring in area.excluded],
        "circles": [[one.latitude, one.longitude, one.radius_km] for one in area.circles],
    }


def _leave_out_repeated(shapes: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Languages name one shape differently."""
    kept: list[dict[str, Any]] = []
    for shape in shapes:
        if shape not in kept:
            kept.append(shape)
    return kept


def list_codes(event: Event) -> list[list[str]]:
    """Scheme and value of the areas that have no shape, and that no newer message took over."""
    codes = {
        read_code(*pair)
        for area in _list_coded(event)
        for pair in area.geocodes
        if pair in event.codes
    }
    return sorted([scheme.value, value] for scheme, value in filter(None, codes))


def list_unresolved(event: Event, known: Set[tuple[str, str]]) -> list[str]:
    """Areas in words alone, or of whose codes none is in `known`, those that the table has."""
    unknown = [
        area.description or ", ".join(value for _, value in area.geocodes)
        for area in _list_coded(event)
        if known.isdisjoint(filter(None, (read_code(*pair) for pair in area.geocodes)))
    ]
    return list(dict.fromkeys(filter(None, (*event.unresolved, *unknown))))[:MOST_AREAS]


def _list_coded(event: Event) -> Iterable[Area]:
    areas = (area for info in event.infos for area in info.areas)
    return (area for area in areas if not area.has_geometry and area.geocodes)
