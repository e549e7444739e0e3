"""Reads a page as a strict reader would: every tag closed, every id once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser

BLOCKS = {
    "br",
    "dd",
    "div",
    "dt",
    "footer",
    "h1",
    "h2",
    "h3",
    "header",
    "li",
    "main",
    "p",
    "section",
    "summary",
    "td",
    "th",
    "tr",
}
VOID = {"br", "hr", "img", "input", "link", "meta"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Markup:
    elements: list[Element] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        return [
            element
            for element in self.elements
            if element.tag == tag
            and all(element.attributes.get(name) == value for name, value in attributes.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        (element,) = self.all(tag, **attributes)
        return element


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.markup = Markup()
        self.open: list[Element] = []

    def handle_starttag(self, tag, attrs):
        element = Element(tag, {name: value or "" for name, value in attrs})
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.markup.mistakes.append(f"<{tag}> repeats an attribute: {names}")
        self.markup.elements.append(element)
        self._part_words(tag)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open[-1].tag != tag:
            inside = self.open[-1].tag if self.open else "nothing"
            self.markup.mistakes.append(f"</{tag}> at {self.getpos()} closes {inside}")
            return
        self.open.pop()
        self._part_words(tag)

    def _part_words(self, tag: str) -> None:
        if tag in BLOCKS:
            self.handle_data(" ")

    def handle_data(self, data):
        for element in self.open:
            element.text += data


def read(html: str) -> Markup:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    markup = reader.markup
    markup.mistakes += [f"<{element.tag}> is never closed" for element in reader.open]
    ids = Counter(
        element.attributes["id"] for element in markup.elements if "id" in element.attributes
    )
    markup.mistakes += [
        f"id {name} is used {times} times" for name, times in ids.items() if times > 1
    ]
    return markup


def words(response) -> str:
    """What the page says, with single spaces."""
    html = response.content.decode()
    markup = read(html)
    body = [element for element in markup.elements if element.tag == "body"]
    text = body[0].text if body else _all_text(html)
    return " ".join(text.replace("\u00a0", " ").split())


def _all_text(fragment: str) -> str:
    return read(f"<body>{fragment}</body>").one("body").text
