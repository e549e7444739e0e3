"""The parts of an XML document that say something, one after the other: a document of many
megabytes is never in memory as a tree. Nothing is fetched, and nothing is expanded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from weatherapp.official.documents.errors import (
    DocumentError,
    ForbiddenXmlError,
    NotADocumentError,
    TooDeepError,
    TruncatedError,
    WebPageError,
)

PIECE = 1 << 19  # bytes
DEEPEST = 60  # elements within each other; CAP in a feed has 12
CUT_OFF = frozenset(
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)


class XmlParts:
    """Iterates over the elements of the `wanted` names that are in no other such element.

    All names are local: prefixes are cut off, also where a feed forgot to declare them.
    """

    def __init__(self, body: bytes, wanted: Collection[str]) -> None:
        self.root = ""  # the outermost element's name, once one is read
        self._body = body
        self._wanted = wanted
        self._depth = 0
        self._part_depth = 0  # 0 outside of all parts
        self._builder = TreeBuilder()
        self._done: deque[Element] = deque()

    def __iter__(self) -> Iterator[Element]:
        """Raises DocumentError."""
        parser = self._make_parser()
        view = memoryview(self._body)
        for start in range(0, len(view), PIECE):
            self._parse(parser, bytes(view[start : start + PIECE]), is_last=False)
            while self._done:
                yield self._done.popleft()
        self._parse(parser, b"", is_last=True)

    def _make_parser(self) -> expat.XMLParserType:
        # The bytes are UTF-8 by now, whatever the declaration says.
        parser = expat.ParserCreate("UTF-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._add_text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.EntityDeclHandler = _refuse_entity
        return parser

    def _parse(self, parser: expat.XMLParserType, piece: bytes, *, is_last: bool) -> None:
        try:
            parser.Parse(piece, is_last)
        except expat.ExpatError as error:
            raise self._name_error(error, is_last=is_last) from error

    def _name_error(self, error: expat.ExpatError, *, is_last: bool) -> DocumentError:
        if is_last and error.code in CUT_OFF:
            return TruncatedError("The XML ends before its end.")
        if self.root == "html":
            return WebPageError("It is a web page.")
        text = expat.ErrorString(error.code)
        return NotADocumentError(f"It is no XML: {text}, line {error.lineno}.")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise TooDeepError(f"More than {DEEPEST} elements are within each other.")
        name = _local(tag)
        self.root = self.root or name
        if not self._part_depth and name in self._wanted:
            self._part_depth, self._builder = self._depth, TreeBuilder()
        if self._part_depth:
            self._builder.start(name, attributes)

    def _end(self, tag: str) -> None:
        if self._part_depth:
            element = self._builder.end(_local(tag))
            if self._depth == self._part_depth:
                self._part_depth = 0
                self._done.append(element)
        self._depth -= 1

    def _add_text(self, text: str) -> None:
        if self._part_depth:
            self._builder.data(text)


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _refuse_doctype(name: str, *_: object) -> None:
    if name.lower() == "html":
        raise WebPageError("It is a web page.")
    raise ForbiddenXmlError("The XML declares a document type.")


def _refuse_entity(*_: object) -> None:
    raise ForbiddenXmlError("The XML declares an entity.")
