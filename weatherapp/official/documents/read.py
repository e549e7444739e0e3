"""The door: the bytes of any feed to what they say. The wrapping is told by the bytes themselves."""

from __future__ import annotations

from collections.abc import Iterator

from weatherapp.official.documents.charset import to_utf8
from weatherapp.official.documents.errors import (
    DocumentError,
    NotADocumentError,
    TooLargeError,
    TruncatedError,
)
from weatherapp.official.documents.json_items import read_json
from weatherapp.official.documents.message import Document, Dropped, Item, Link, Message
from weatherapp.official.documents.packed import read_members, unpack_gzip
from weatherapp.official.documents.xml_items import read_xml

MOST_BYTES = 32_000_000  # the largest real feed so far had 9.4 million
ZIP, GZIP = b"PK\x03\x04", b"\x1f\x8b"
EMPTY_ZIP = b"PK\x05\x06"
WITH_WARNINGS = (".xml", ".cap")
DAMAGED = "cannot be read"


def read_document(body: bytes, content_type: str | None = None, *, country: str = "") -> Document:
    """All that `body` says. `country` is the source's: see rings.right_way_round().

    Raises DocumentError.
    """
    items = list(read_items(body, content_type, country=country))
    dropped = tuple(item for item in items if isinstance(item, Dropped))
    return Document(
        messages=tuple(item for item in items if isinstance(item, Message)),
        links=tuple(item for item in items if isinstance(item, Link)),
        dropped=dropped,
        is_complete=not any(item.reason.startswith(DAMAGED) for item in dropped),
    )


def read_items(
    body: bytes, content_type: str | None = None, *, country: str = ""
) -> Iterator[Item]:
    """The same one by one, so that of a large feed no more than one message is in memory.

    Raises DocumentError, also after some items: then none of them may be used.
    """
    if len(body) > MOST_BYTES:
        raise TooLargeError(f"It is larger than {MOST_BYTES:,} bytes.")
    if body.startswith(GZIP):
        body = unpack_gzip(body)
    if body.startswith((ZIP, EMPTY_ZIP)):
        yield from _read_zip(body, country)
    else:
        yield from _read_text(body, content_type, country)


def _read_zip(body: bytes, country: str) -> Iterator[Item]:
    """One file that is damaged does not take the others with it, but it is said."""
    count = damaged = 0
    cause: DocumentError | None = None
    for name, content in read_members(body):
        if not name.lower().endswith(WITH_WARNINGS):
            yield Dropped(name, "the file is not named .xml or .cap")
            continue
        count += 1
        try:
            items = list(_read_text(content, None, country))
        except DocumentError as error:
            damaged, cause = damaged + 1, error
            items = [Dropped(name, f"{DAMAGED}: {error}")]
        yield from items
    if cause is not None and damaged == count:
        raise cause


def _read_text(body: bytes, content_type: str | None, country: str) -> Iterator[Item]:
    body = to_utf8(body, content_type).lstrip()
    if body.startswith(b"<"):
        yield from read_xml(body, country)
    elif body.startswith((b"{", b"[")):
        yield from read_json(body, country)
    elif not body:
        raise TruncatedError("It is empty.")
    else:
        raise NotADocumentError("It is neither XML nor JSON nor a zip.")
