"""Whether a body can be what its source is said to send: a page that says "sorry" is no calm day. Pure."""

from __future__ import annotations

import re

XML, JSON, ZIP = "xml", "json", "zip"
HEAD = 512  # bytes that are looked at
ZIP_BEGINS = (b"PK\x03\x04", b"PK\x05\x06")  # with files, and without any
UTF_16 = (b"\xff\xfe", b"\xfe\xff")
UTF_8_MARK = b"\xef\xbb\xbf"
HTML = re.compile(rb"(<\?xml[^>]*>\s*)?<(!doctype\s+html|html)\b", re.IGNORECASE)


def find_fault(form: str, head: bytes, content_type: str) -> str:
    """What is wrong, in one English line; "" where nothing is seen. `head`: the first HEAD bytes."""
    begins = head.removeprefix(UTF_8_MARK).lstrip()
    if "problem+json" in content_type.lower():
        return "The answer is a report of a problem."
    if form == ZIP:
        return "" if head.startswith(ZIP_BEGINS) else "The answer is no zip."
    if form == JSON:
        return "" if begins[:1] in (b"{", b"[") else "The answer is no JSON."
    if head.startswith(UTF_16):
        return ""
    if not begins.startswith(b"<"):
        return "The answer is no XML."
    return "The answer is a page for people." if HTML.match(begins) else ""
