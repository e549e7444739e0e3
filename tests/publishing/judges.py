"""Others' judgement of what is published: the OASIS schema, and what it does not see (docs/publishing.md).

What Google's extended schema and its profile for public alerts add is said here in code, by what they say:
https://github.com/google/cap-library, schema/cap12_extended.xsd and GoogleProfile.java (Apache 2.0). Where
the recorded payloads are there beside this repository, the schema itself judges, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from itertools import combinations, pairwise
from pathlib import Path

from lxml import etree

from tests import ROOT

CAP = {"cap": "urn:oasis:names:tc:emergency:cap:1.2"}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
NAME = re.compile(r"[^\s,<&]+")
LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")
MARKUP = re.compile(r"</?[a-z][^>]*>|&(?:\w+|#\d+);", re.I)
TEXTS = ("event", "headline", "description", "instruction", "senderName")
LEVELS = ("urgency", "severity", "certainty")
MOST_CORNERS = 100  # of a ring, as cap-composer advises
PAYLOADS = ROOT.parent / "shared" / "payloads" / "cap" / "schema"
SCHEMA = Path(__file__).parent / "schema" / "CAP-v1.2.xsd"  # of OASIS: NOTICE.md
SCHEMAS = [path for path in (SCHEMA, PAYLOADS / "google-cap12_extended.xsd") if path.exists()]
SAFE_XML = etree.XMLParser(resolve_entities=False, no_network=True)

Pair = tuple[float, float]  # degrees north, degrees east


@lru_cache(maxsize=1)
def schemas() -> list[etree.XMLSchema]:
    return [etree.XMLSchema(etree.fromstring(path.read_bytes(), SAFE_XML)) for path in SCHEMAS]


def judge_cap(document: bytes) -> etree._Element:
    """Asserts that a document is right; the parsed root, for more questions."""
    root = etree.fromstring(document, SAFE_XML)
    for schema in schemas():
        assert schema.validate(root), schema.error_log
    judge_head(root)
    infos = root.findall("cap:info", CAP)
    assert infos
    assert len({text(info, "language") for info in infos}) == len(infos)
    assert len({(text(info, "category"), code_of(info)) for info in infos}) == 1
    for info in infos:
        judge_info(info, text(root, "sent"))
    return root


def judge_series(documents: Sequence[bytes]) -> list[etree._Element]:
    """All that was ever published of a site, in order: each refers to what it replaces, and to no other."""
    roots = [judge_cap(document) for document in documents]
    identifiers = [text(root, "identifier") for root in roots]
    assert len(set(identifiers)) == len(identifiers)
    before: dict[str, list[etree._Element]] = {}
    for root in roots:
        first = text(root, "identifier").rpartition("-")[0]
        earlier = before.setdefault(first, [])
        judge_references(root, earlier)
        earlier.append(root)
    return roots


def judge_references(root: etree._Element, earlier: Sequence[etree._Element]) -> None:
    """An Update or a Cancel names all its predecessors that have not expired; the first message none."""
    named = set(text(root, "references").split())
    known = {name_of(one): expiry_of(one) for one in earlier}
    assert named <= set(known), "of another alert, or of a message that never was"
    alive = {name for name, expires in known.items() if expires > at(text(root, "sent"))}
    assert alive <= named, "a message that has not expired is not named"
    assert bool(named) == bool(earlier)


def name_of(root: etree._Element) -> str:
    return ",".join(text(root, name) for name in ("sender", "identifier", "sent"))


def expiry_of(root: etree._Element) -> datetime:
    return max(at(text(info, "expires")) for info in root.findall("cap:info", CAP))


def text(element: etree._Element, name: str) -> str:
    return element.findtext(f"cap:{name}", "", CAP)


def code_of(info: etree._Element) -> tuple[str, str]:
    code = info.find("cap:eventCode", CAP)
    assert code is not None
    return text(code, "valueName"), text(code, "value")


def judge_head(root: etree._Element) -> None:
    for name in ("identifier", "sender"):
        assert NAME.fullmatch(text(root, name)), name
    assert "2.49.0" not in text(root, "identifier")  # not ours: an authority's
    assert TIME.fullmatch(text(root, "sent"))
    assert text(root, "scope") == "Public"
    assert not text(root, "restriction") + text(root, "addresses")
    assert text(root, "status") in ("Actual", "Exercise", "Test")
    references = text(root, "references").split()
    assert bool(references) == (text(root, "msgType") != "Alert")
    assert len(set(references)) == len(references)
    for reference in references:
        sender, identifier, sent = reference.split(",")
        assert NAME.fullmatch(sender)
        assert NAME.fullmatch(identifier)
        assert TIME.fullmatch(sent)
        assert identifier != text(root, "identifier")
        assert at(sent) <= at(text(root, "sent"))


def judge_info(info: etree._Element, sent: str) -> None:
    assert LANGUAGE.fullmatch(text(info, "language"))
    for name in LEVELS:
        assert text(info, name) not in ("", "Unknown")
    assert text(info, "responseType")
    assert text(info, "senderName")
    judge_texts(info)
    judge_times(info, sent)
    areas = info.findall("cap:area", CAP)
    assert areas
    for area in areas:
        polygons = area.findall("cap:polygon", CAP)
        assert polygons
        for polygon in polygons:
            judge_ring(polygon.text or "")


def judge_texts(info: etree._Element) -> None:
    assert 0 < len(text(info, "event")) <= 35
    assert 0 < len(text(info, "headline")) < 140
    assert "\n" not in text(info, "headline")
    assert text(info, "description") not in ("", text(info, "headline"), text(info, "instruction"))
    for name in TEXTS:
        assert not MARKUP.search(text(info, name)), name
        assert text(info, name) == text(info, name).strip(), name
    assert text(info, "web").startswith(("http://", "https://"))
    is_over = text(info, "urgency") == "Past"
    assert is_over or text(info, "instruction")


def judge_times(info: etree._Element, sent: str) -> None:
    for name in ("effective", "onset", "expires"):
        assert TIME.fullmatch(text(info, name)), name
    assert at(text(info, "effective")) == at(sent) < at(text(info, "expires"))
    assert at(text(info, "onset")) <= at(text(info, "expires"))
    if text(info, "urgency") == "Past":  # readers that look at no type drop it soon
        assert (at(text(info, "expires")) - at(sent)).total_seconds() <= 3600
        assert text(info, "severity") == "Minor"


def judge_ring(written: str) -> None:
    """Latitude first, closed, simple, on the Earth, not over the 180th meridian, and not too long."""
    assert re.fullmatch(r"\S+( \S+)*", written)
    ring = [read_pair(pair) for pair in written.split(" ")]
    assert 4 <= len(ring) <= MOST_CORNERS
    assert ring[0] == ring[-1]
    assert len(set(ring)) == len(ring) - 1
    assert all(abs(latitude) <= 90 and abs(longitude) <= 180 for latitude, longitude in ring)
    assert all(abs(a[1] - b[1]) <= 180 or a[0] == b[0] for a, b in pairwise(ring))
    sides = list(pairwise(ring))
    crossed = [(one, other) for one, other in combinations(sides, 2) if do_cross(one, other)]
    assert not crossed


def read_pair(written: str) -> Pair:
    latitude, longitude = map(float, written.split(","))
    return latitude, longitude


def do_cross(one: tuple[Pair, Pair], other: tuple[Pair, Pair]) -> bool:
    """Whether two sides go through each other; those that only touch do not."""
    (a, b), (c, d) = one, other
    return turn(a, b, c) * turn(a, b, d) < 0 and turn(c, d, a) * turn(c, d, b) < 0


def turn(a: Pair, b: Pair, c: Pair) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def at(written: str) -> datetime:
    return datetime.fromisoformat(written)
