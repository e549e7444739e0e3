"""Messages of a JSON document: NWS in its forms, MeteoAlarm, CAP written as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from weatherapp.official.documents.cap import build_message
from weatherapp.official.documents.errors import (
    NotADocumentError,
    ServiceProblemError,
    TooManyEntriesError,
)
from weatherapp.official.documents.json_parts import JsonParts
from weatherapp.official.documents.message import Dropped, Item
from weatherapp.official.documents.node import JsonNode
from weatherapp.official.documents.nws import build_nws_message, is_nws_alert

FEATURES, GRAPH, WARNINGS = "features", "@graph", "warnings"
BARE = "list"
LISTS = frozenset([FEATURES, GRAPH, WARNINGS, BARE])
MOST_ENTRIES = 20_000


def read_json(body: bytes, country: str = "") -> Iterator[Item]:
    """Of UTF-8. Raises DocumentError, also after some items: then none of them may be used."""
    # A character that was cut off shows as JSON that was.
    text = body.decode("utf-8", "ignore")
    # A bare list is read as if it stood in an object; an empty one says nothing of any warnings.
    parts = JsonParts(f'{{"{BARE}": {text}}}' if text.startswith("[") else text, LISTS)
    count = understood = 0
    for value in parts:
        count += 1
        if count > MOST_ENTRIES:
            raise TooManyEntriesError(f"It has more than {MOST_ENTRIES:,} entries.")
        item = _read_item(value, country)
        understood += item is not None
        yield item or Dropped("", "the entry is no warning")
    if count and not understood:
        raise NotADocumentError("Its entries are no warnings.")
    if not count:
        yield from _read_single(parts.outer, country)


def _read_item(value: Any, country: str) -> Item | None:
    """By what it is, in whichever list it stood; None for what is no warning at all."""
    if not isinstance(value, dict):
        return None
    alert = value.get("alert")
    if isinstance(alert, dict):
        return _read_cap(alert, country)
    if isinstance(value.get("properties"), dict):
        return _read_feature(value, value["properties"])
    if is_nws_alert(value):
        return build_nws_message(value, value.get("geometry"))
    return _read_cap(value, country)


def _read_feature(value: dict[str, Any], properties: dict[str, Any]) -> Item | None:
    if not is_nws_alert(properties):
        return None
    if not properties.get("id"):
        properties = {**properties, "id": properties.get("@id") or value.get("id")}
    return build_nws_message(properties, value.get("geometry"))


def _read_cap(value: dict[str, Any], country: str) -> Item | None:
    is_cap = "info" in value or ("identifier" in value and "sent" in value)
    return build_message(JsonNode(value), country) if is_cap else None


def _read_single(outer: dict[str, Any], country: str) -> Iterator[Item]:
    """One warning, or an empty list of them. Raises NotADocumentError."""
    item = _read_item(outer, country)
    if item is not None:
        yield item
    elif not _is_quiet(outer):
        if "status" in outer and ("title" in outer or "detail" in outer):
            raise ServiceProblemError("The service says that it failed.")
        raise NotADocumentError("A JSON document that holds no warnings of a known form.")


def _is_quiet(outer: dict[str, Any]) -> bool:
    if outer.get(FEATURES) == []:
        return outer.get("type") == "FeatureCollection"
    return outer.get(GRAPH) == [] or outer.get(WARNINGS) == []
