"""Bytes to UTF-8, whatever a header or a declaration claims."""

from __future__ import annotations

import codecs
import re

from weatherapp.official.documents.errors import WrongCharsetError

PIECE = 1 << 20  # bytes
DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
IN_HEADER = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
# Python's list holds more, of which some unpack (zip) or take time without end (punycode).
KNOWN = re.compile(
    r"iso-?8859-?\d{1,2}|latin-?\d|(windows|cp)-?(125\d|874|932|949|950)|koi8-[rut]|gb2312|gbk|"
    r"gb-?18030|big5(-?hkscs)?|shift[_-]?jis|euc-(jp|kr)|tis-?620|mac-?roman|utf-?16(-?[lb]e)?"
)
# What is really meant: as browsers take it (https://encoding.spec.whatwg.org/#names-and-labels).
MEANT = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "gb2312": "gb18030"}
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def to_utf8(body: bytes, content_type: str | None) -> bytes:
    """Raises WrongCharsetError."""
    if body.startswith(codecs.BOM_UTF8):
        body = body[len(codecs.BOM_UTF8) :]
    marked = _find_mark(body)
    if marked:
        return _recode(body, marked)
    # What is valid UTF-8 and was meant as something else practically does not exist.
    if _is_utf8(body):
        return body
    for claimed in _list_claims(body, content_type):
        if KNOWN.fullmatch(claimed):
            return _recode(body, MEANT.get(claimed, claimed))
    # UTF-8 is claimed and wrong, or nothing is claimed: what a program of the 1990s wrote.
    return _recode(body, "cp1252")


def _find_mark(body: bytes) -> str:
    for mark, name in BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return name
    if body[:2] in (b"<\0", b"{\0", b"[\0"):
        return "utf-16-le"
    return "utf-16-be" if body[:2] in (b"\0<", b"\0{", b"\0[") else ""


def _is_utf8(body: bytes) -> bool:
    """A character that is cut off at the end is the parser's affair."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(body), PIECE):
            decoder.decode(body[start : start + PIECE])
    except UnicodeDecodeError:
        return False
    return True


def _list_claims(body: bytes, content_type: str | None) -> list[str]:
    declared = DECLARED.match(body.lstrip()[:300])
    named = IN_HEADER.search(content_type or "")
    claims = [declared[1].decode("ascii")] if declared else []
    return [claim.lower() for claim in (*claims, *([named[1]] if named else []))]


def _recode(body: bytes, name: str) -> bytes:
    try:
        decoder = codecs.getincrementaldecoder(name)()
        pieces = [
            decoder.decode(body[start : start + PIECE]).encode("utf-8")
            for start in range(0, len(body), PIECE)
        ]
    except (UnicodeError, LookupError) as error:
        raise WrongCharsetError(f"The document's bytes are no text in {name}.") from error
    return b"".join(pieces)
