"""CAP's elements, written in XML or in JSON: by their local names, in any order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Protocol
from xml.etree.ElementTree import Element

from weatherapp.official.documents.message import Pairs


class Node(Protocol):
    """An element and what is in it."""

    def texts(self, name: str) -> list[str]:
        """Of all children of that name."""

    def text(self, name: str) -> str:
        """Of the first, "" where there is none."""

    def nodes(self, name: str) -> Sequence[Node]:
        """All children of that name."""


class XmlNode:
    """Of an element whose tags are local names."""

    def __init__(self, element: Element) -> None:
        self._children: defaultdict[str, list[Element]] = defaultdict(list)
        for child in element:
            self._children[child.tag].append(child)

    def texts(self, name: str) -> list[str]:
        return [text_of(child) for child in self._children.get(name, ())]

    def text(self, name: str) -> str:
        found = self._children.get(name)
        return text_of(found[0]) if found else ""

    def nodes(self, name: str) -> list[XmlNode]:
        return [XmlNode(child) for child in self._children.get(name, ())]


class JsonNode:
    """Of an object: a list, or one thing for a list of one."""

    def __init__(self, value: dict[str, Any]) -> None:
        self._value = value

    def texts(self, name: str) -> list[str]:
        return [clean(value) for value in self._list(name) if not isinstance(value, dict | list)]

    def text(self, name: str) -> str:
        return next(iter(self.texts(name)), "")

    def nodes(self, name: str) -> list[JsonNode]:
        return [JsonNode(value) for value in self._list(name) if isinstance(value, dict)]

    def _list(self, name: str) -> list[Any]:
        value = self._value.get(name)
        if value is None:
            return []
        return value if isinstance(value, list) else [value]


def text_of(element: Element) -> str:
    """With that of elements within, which CAP does not know and some write."""
    return clean("".join(element.itertext()) if len(element) else element.text)


def clean(value: Any) -> str:
    """Without what a database or a page could not hold: NUL, and halves of characters."""
    if value is None or isinstance(value, bool):
        return ""
    text = str(value)
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\0", "").strip()


def read_pairs(nodes: Iterable[Node]) -> Pairs:
    """CAP's valueName and value; also NWS's Atom, which puts several into one element."""
    return tuple(
        (name, value)
        for node in nodes
        for name, value in zip(node.texts("valueName"), node.texts("value"), strict=False)
        if value
    )
