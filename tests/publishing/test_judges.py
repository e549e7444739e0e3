"""The judges see what they are there for: each mistake that publishers in the field have made."""

from __future__ import annotations

import re

import pytest
from lxml import etree

from tests.factories import NOON
from tests.publishing.feed_judges import judge_atom, judge_rss
from tests.publishing.judges import judge_cap, judge_series
from tests.publishing.test_messages import change, raise_alert
from weatherapp.models import ChangeReason, PublishedMessage
from weatherapp.publishing.workflow import publish_due

pytestmark = pytest.mark.django_db
RING = "<polygon>0,0 0,1 1,1 0,0</polygon>"
MISTAKES = {
    "sent without an offset": ("+00:00</sent>", "</sent>"),
    "sent with Z": ("+00:00</sent>", "Z</sent>"),
    "sent with a fraction": ("+00:00</sent>", ".25+00:00</sent>"),
    "a blank in the identifier": ("<identifier>", "<identifier>a b"),
    "a comma in the sender": ("<sender>", "<sender>a,b"),
    "a WMO OID": ("<identifier>", "<identifier>urn:oid:2.49.0.1.372."),
    "references of an Alert": (
        "</scope>",
        "</scope><references>a@b,c,2020-01-01T00:00:00+00:00</references>",
    ),
    "an Update without references": ("<msgType>Alert", "<msgType>Update"),
    "addresses of a public message": ("</scope>", "</scope><addresses>me</addresses>"),
    "unknown severity": ("<severity>Moderate", "<severity>Unknown"),
    "a long event": ("<event>Wind", "<event>" + "Wind" * 10),
    "a long headline": ("<headline>", "<headline>" + "x" * 140),
    "markup in the description": ("<description>", "<description>&lt;b&gt;Wind&lt;/b&gt; "),
    "an entity in the description": ("<description>", "<description>a &amp;amp; b "),
    "no web": ("<web>http", "<web>tel"),
    "a language that is none": ("<language>en", "<language>en_GB"),
    "the same language twice": ("<language>fr", "<language>en"),
    "another code in one language": ("<value>WIND", "<value>RAIN"),
    "expires before it is sent": ("<expires>2026", "<expires>2025"),
    "no area": ("<polygon>", "<geocode><valueName/><value/></geocode><polygon>"),
    "an open ring": (RING, "<polygon>0,0 0,1 1,1 1,0</polygon>"),
    "a ring of two corners": (RING, "<polygon>0,0 0,1 0,0</polygon>"),
    "a ring that crosses itself": (RING, "<polygon>0,0 1,1 0,1 1,0 0,0</polygon>"),
    "longitude first": (RING, "<polygon>-122,37 -121,37 -121,38 -122,37</polygon>"),
    "two blanks between corners": (RING, "<polygon>0,0 0,1  1,1 0,0</polygon>"),
    "over the 180th meridian": (RING, "<polygon>0,179 1,179 1,-179 0,179</polygon>"),
    "an empty ring": (RING, "<polygon></polygon>"),
}
MISTAKES_OF_ATOM = {
    "no id of an entry": ("<entry><id>", "<entry><id> </id><id>"),
    "CAP's elements in an entry": (
        "<entry>",
        '<entry><event xmlns="urn:oasis:names:tc:emergency:cap:1.2">Wind</event>',
    ),
    "a time without an offset": ("+00:00</updated>", "</updated>"),
    "no author": ("author>", "contributor>"),
    "an id that is not the message's address": ("-1.xml</id>", "-2.xml</id>"),
    "no link to the message": ("application/cap+xml", "application/xml"),
    "an attribute that is none": ('rel="self"', 'rel="self" hreff="x"'),
}


def publish():
    raise_alert(severity="Moderate")
    publish_due(now=NOON)
    document = PublishedMessage.objects.get().document.decode()
    begin, end = document.index("<polygon>"), document.index("</polygon>") + len("</polygon>")
    return document.replace(document[begin:end], RING)


def test_a_message_of_ours_is_right():
    judge_cap(publish().encode())


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_of_a_message_is_seen(mistake):
    right, wrong = MISTAKES[mistake]
    document = publish()
    assert right in document

    with pytest.raises((AssertionError, etree.XMLSyntaxError, ValueError)):
        judge_cap(document.replace(right, wrong, 1).encode())


@pytest.mark.parametrize("mistake", MISTAKES_OF_ATOM)
def test_a_mistake_of_an_atom_feed_is_seen(client, monkeypatch, mistake):
    right, wrong = MISTAKES_OF_ATOM[mistake]
    monkeypatch.setattr("weatherapp.pages.feeds.timezone.now", lambda: NOON)
    publish()
    body = client.get("/feeds/alerts.atom").content.decode()
    judge_atom(body.encode())
    assert right in body

    with pytest.raises(AssertionError):
        judge_atom(body.replace(right, wrong).encode())


def test_a_mistake_of_an_rss_feed_is_seen(client, monkeypatch):
    monkeypatch.setattr("weatherapp.pages.feeds.timezone.now", lambda: NOON)
    publish()
    body = client.get("/feeds/alerts.rss").content
    judge_rss(body)

    with pytest.raises(AssertionError):
        judge_rss(body.replace(b"pubDate", b"date"))


def test_a_reference_that_is_missing_is_seen():
    alert = raise_alert(severity="Moderate")
    publish_due(now=NOON)
    change(alert, ChangeReason.ESCALATED, NOON, severity="Severe")
    publish_due(now=NOON)
    change(alert, ChangeReason.ESCALATED, NOON, severity="Extreme")
    publish_due(now=NOON)
    first, second, third = (row.document for row in PublishedMessage.objects.order_by("pk"))
    judge_series([first, second, third])

    with pytest.raises(AssertionError, match="not named"):
        judge_series([first, second, re.sub(rb"<references>\S+ ", b"<references>", third)])
    with pytest.raises(AssertionError, match="never was"):
        judge_series([first, third])
    with pytest.raises(AssertionError):
        judge_series([first, first])
