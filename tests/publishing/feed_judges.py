"""Others' judgement of feeds: Atom's rules (RFC 4287) as the schema for Atom with CAP has them, and Google's.

The schema itself (atom-cap.xsd) judges where the recorded payloads are there beside this repository.
https://github.com/google/cap-library, CapFeedValidator.java; https://developers.google.com/public-alerts
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

from lxml import etree

from tests.publishing.judges import PAYLOADS, SAFE_XML, TIME

ATOM = "{http://www.w3.org/2005/Atom}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
CAP_TYPE = "application/cap+xml"
# How often an element may be there: at least, at most.
MANY = 10_000
OF_FEED = {
    "id": (1, 1), "title": (1, 1), "updated": (1, 1), "author": (1, MANY), "category": (0, MANY),
    "contributor": (0, MANY), "generator": (0, 1), "icon": (0, 1), "link": (1, MANY),
    "logo": (0, 1), "rights": (0, 1), "subtitle": (0, 1), "entry": (0, MANY),
}  # fmt: skip
OF_ENTRY = {
    "id": (1, 1), "title": (1, 1), "updated": (1, 1), "author": (0, MANY), "category": (0, MANY),
    "content": (0, 1), "contributor": (0, MANY), "link": (1, MANY), "published": (0, 1),
    "rights": (0, 1), "source": (0, 1), "summary": (0, 1),
}  # fmt: skip
ATTRIBUTES = {
    "link": {"href", "rel", "type", "hreflang", "title", "length"},
    "category": {"term", "scheme", "label"},
}
MOST_BYTES = 900_000  # Google reads no more
# What atom-cap.xsd imports: Google's schema of CAP, and of the namespace xml the two attributes that there are.
IMPORTED = {
    "cap11_extended.xsd": "CAP-v1.1.xsd",
    "cap12_extended.xsd": "google-cap12_extended.xsd",
}
XML_NAMESPACE = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
targetNamespace="http://www.w3.org/XML/1998/namespace">
<xs:attribute name="lang" type="xs:language"/><xs:attribute name="base" type="xs:anyURI"/></xs:schema>"""


class Imports(etree.Resolver):
    def resolve(self, url, public_id, context):
        name = url.rpartition("/")[2]
        if name == "xml.xsd":
            return self.resolve_string(XML_NAMESPACE, context)
        if name in IMPORTED:
            return self.resolve_filename(str(PAYLOADS / IMPORTED[name]), context)
        return None


@lru_cache(maxsize=1)
def atom_schemas():
    """None where the payloads are not there."""
    path = PAYLOADS / "atom-cap.xsd"
    if not path.exists():
        return []
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(Imports())
    return [etree.XMLSchema(etree.parse(path, parser))]


def judge_atom(body: bytes) -> etree._Element:
    """Asserts that a feed is right; the parsed root."""
    root = etree.fromstring(body, SAFE_XML)
    for schema in atom_schemas():
        assert schema.validate(root), schema.error_log
    assert root.tag == f"{ATOM}feed"
    assert set(root.attrib) <= {LANGUAGE}
    assert len(body) <= MOST_BYTES
    judge_children(root, OF_FEED)
    entries = root.findall(f"{ATOM}entry")
    for entry in entries:
        judge_children(entry, OF_ENTRY)
        judge_links(entry)
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    assert {link.get("rel") for link in root.findall(f"{ATOM}link")} == {"self", "alternate"}
    return root


def judge_children(parent: etree._Element, wanted: dict[str, tuple[int, int]]) -> None:
    counts = Counter(child.tag for child in parent)
    names = {f"{ATOM}{name}": bounds for name, bounds in wanted.items()}
    assert set(counts) <= set(names), "an element that Atom does not have there"
    for tag, (least, most) in names.items():
        assert least <= counts[tag] <= most, tag
    for child in parent:
        name = child.tag.removeprefix(ATOM)
        assert set(child.attrib) <= ATTRIBUTES.get(name, set()), name
        if name in ("updated", "published"):
            assert TIME.fullmatch(child.text), name
        if name in ("id", "title"):
            assert child.text.strip(), name
        if name == "category":
            assert child.get("term")


def judge_links(entry: etree._Element) -> None:
    """One leads to the message, at an address that ends as importers want it and is the entry's id."""
    links = entry.findall(f"{ATOM}link")
    kinds = [(link.get("rel"), link.get("type")) for link in links]
    assert len(set(kinds)) == len(kinds)
    cap = [link.get("href") for link in links if link.get("type") == CAP_TYPE]
    assert cap == [entry.findtext(f"{ATOM}id")]
    assert re.fullmatch(r"https?://[^/]+/cap/[\w-]+\.xml", cap[0])


def judge_rss(body: bytes) -> etree._Element:
    """Asserts what Google demands and recommends of RSS; the parsed root."""
    root = etree.fromstring(body, SAFE_XML)
    channel = root.find("channel")
    assert len(body) <= MOST_BYTES
    for name in ("title", "link", "description", "pubDate"):
        assert channel.findtext(name), name
    items = channel.findall("item")
    for item in items:
        assert item.findtext("title")
        assert item.findtext("link").endswith(".xml")
        assert item.findtext("guid") == item.findtext("link")
    assert len({item.findtext("guid") for item in items}) == len(items)
    return root
