"""Others' judgement of what is published: the OASIS schema, and what it does not see (docs/publishing.md)."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from lxml import etree

CAP = {"cap": "urn:oasis:names:tc:emergency:cap:1.2"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
NAME = re.compile(r"[^\s,<&]+")
SCHEMA = Path(__file__).parent / "schema" / "CAP-v1.2.xsd"  # of OASIS: NOTICE.md
SAFE_XML = etree.XMLParser(resolve_entities=False, no_network=True)


@lru_cache(maxsize=1)
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(SCHEMA.read_bytes(), SAFE_XML))


def judge_cap(document: bytes) -> etree._Element:
    """Asserts that a document is right; the parsed root, for more questions."""
    root = etree.fromstring(document, SAFE_XML)
    assert schema().validate(root), schema().error_log
    _judge_head(root)
    infos = root.findall("cap:info", CAP)
    assert infos
    assert len({text(info, "language") for info in infos}) == len(infos)
    assert len({(text(info, "category"), code_of(info)) for info in infos}) == 1
    for info in infos:
        _judge_info(info, text(root, "sent"))
    return root


def text(element: etree._Element, name: str) -> str:
    return element.findtext(f"cap:{name}", "", CAP)


def code_of(info: etree._Element) -> tuple[str, str]:
    code = info.find("cap:eventCode", CAP)
    assert code is not None
    return text(code, "valueName"), text(code, "value")


def _judge_head(root: etree._Element) -> None:
    for name in ("identifier", "sender"):
        assert NAME.fullmatch(text(root, name)), name
    assert "2.49.0" not in text(root, "identifier")  # not ours: an authority's
    assert TIME.fullmatch(text(root, "sent"))
    references = text(root, "references").split()
    assert bool(references) == (text(root, "msgType") != "Alert")
    for reference in references:
        sender, identifier, sent = reference.split(",")
        assert NAME.fullmatch(sender)
        assert identifier != text(root, "identifier")
        assert at(sent) <= at(text(root, "sent"))


def _judge_info(info: etree._Element, sent: str) -> None:
    for name in ("urgency", "severity", "certainty"):
        assert text(info, name) not in ("", "Unknown")
    assert 0 < len(text(info, "event")) <= 35
    assert 0 < len(text(info, "headline")) < 140
    assert text(info, "description") not in ("", text(info, "headline"))
    for name in ("event", "headline", "description", "instruction", "senderName"):
        assert not re.search(r"</?[a-z][^>]*>|&(?:amp|lt|gt|#\d+);", text(info, name)), name
    assert text(info, "web").startswith(("http://", "https://"))
    assert at(text(info, "effective")) == at(sent) < at(text(info, "expires"))
    assert at(text(info, "onset")) <= at(text(info, "expires"))
    polygons = info.findall("cap:area/cap:polygon", CAP)
    assert polygons
    for polygon in polygons:
        _judge_ring(polygon.text or "")


def _judge_ring(ring: str) -> None:
    assert re.fullmatch(r"\S+( \S+)*", ring)
    pairs = [tuple(map(float, pair.split(","))) for pair in ring.split(" ")]
    assert len(pairs) >= 4
    assert pairs[0] == pairs[-1]
    assert all(abs(latitude) <= 90 and abs(longitude) <= 180 for latitude, longitude in pairs)


def at(written: str) -> datetime:
    return datetime.fromisoformat(written)
