"""Feeds and calendars, read by the programs that people read them with."""

import asyncio
import json
from datetime import timedelta

import feedparser
import pytest
from aio_geojson_generic_client.feed import GenericFeed as GeoJsonFeed
from aiohttp import ClientSession
from geojson_pydantic import FeatureCollection
from georss_generic_client import GenericFeed
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from tests.factories import NOON, make_place
from tests.publishing.feed_judges import judge_atom, judge_rss
from tests.publishing.judges import judge_cap
from tests.publishing.test_messages import change, raise_alert
from weatherapp.models import AlertState, ChangeReason, PublishedMessage, Tag
from weatherapp.pages.feeds import FORMS
from weatherapp.pages.shared_pages import shared_pages
from weatherapp.publishing.workflow import publish_due

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
FEEDS = ("atom", "rss", "geojson", "json")


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    monkeypatch.setattr("weatherapp.pages.feeds.timezone.now", lambda: NOON)


def publish(name="Dublin", rule="Storm gusts", **fields):
    alert = raise_alert(name, rule=rule, **fields)
    publish_due(now=NOON)
    return alert


def titles(client, address):
    body = client.get(address).content
    judge_atom(body)
    feed = feedparser.parse(body)
    assert not feed.bozo, feed.get("bozo_exception")
    return [entry.title for entry in feed.entries]


def find_term(entry, name):
    (term,) = [tag.term for tag in entry.tags if tag.scheme.endswith(f":{name}")]
    return term


def names(client, query):
    answer = client.get(f"/feeds/alerts.geojson?{query}")
    assert answer.status_code == 200
    return [one["properties"]["place"] for one in answer.json()["features"]]


def test_atom_leads_to_the_message_and_to_the_page(client):
    alert = publish("A & <i>B</i>")

    body = client.get("/feeds/alerts.atom").content
    feed = feedparser.parse(body)
    (entry,) = feed.entries
    links = {link.type: link.href for link in entry.links}

    judge_atom(body)
    assert not feed.bozo
    assert entry.link == links["text/html"]  # what people's readers open
    assert entry.id == links["application/cap+xml"]
    assert entry.id.endswith(".xml")
    assert links["text/html"].endswith(alert.get_absolute_url())
    path = entry.id.removeprefix("http://").partition("/")[2]
    answer = client.get("/" + path)
    assert answer.headers["Content-Type"] == "application/cap+xml; charset=utf-8"
    assert "immutable" in answer.headers["Cache-Control"]
    judge_cap(answer.content)


def test_atom_says_of_a_message_what_readers_choose_by(client):
    publish(severity="Severe")

    (entry,) = feedparser.parse(client.get("/feeds/alerts.atom").content).entries

    said = {tag.scheme.rpartition(":")[2]: tag.term for tag in entry.tags}
    assert said["severity"] == "Severe"
    assert said["msgType"] == "Alert"
    assert said["status"] == "Test"
    assert said["areaDesc"] == "Dublin"


def test_a_feed_of_nothing_is_right(client):
    judge_atom(client.get("/feeds/alerts.atom").content)
    judge_atom(client.get("/feeds/alerts-log.atom").content)


def test_rss_is_read_by_the_georss_client(client, tmp_path, live_server):
    publish()

    status, entries = GenericFeed((53.0, -6.0), f"{live_server.url}/feeds/alerts.rss").update()

    assert status == "OK"
    (entry,) = entries
    assert entry.coordinates == (53.35, -6.26)
    assert entry.category == PublishedMessage.objects.get().severity
    judge_rss(client.get("/feeds/alerts.rss").content)


def test_geojson_is_valid_and_keeps_its_ids(client):
    alert = publish()
    before = client.get("/feeds/alerts.geojson")
    FeatureCollection.model_validate_json(before.content)
    change(alert, ChangeReason.ESCALATED, NOON, severity="Extreme")
    publish_due(now=NOON)

    after = client.get("/feeds/alerts.geojson")
    areas = client.get("/feeds/alerts.geojson?geometry=polygon")

    FeatureCollection.model_validate_json(areas.content)
    (one,), (other,) = before.json()["features"], after.json()["features"]
    assert one["id"] == other["id"] == str(alert.public_id)
    assert other["properties"]["severity"] == "Extreme"
    assert areas.json()["features"][0]["geometry"]["type"] == "Polygon"
    assert after.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("query", ["", "?geometry=polygon"])
def test_geojson_is_read_as_home_assistant_reads_it(live_server, query):
    publish()

    async def read():
        async with ClientSession() as session:
            address = f"{live_server.url}/feeds/alerts.geojson{query}"
            return await GeoJsonFeed(session, (53.0, -6.0), address, 200).update()

    status, (entry,) = asyncio.run(read())

    assert status == "OK"
    assert "Dublin" in entry.title
    assert entry.external_id == str(PublishedMessage.objects.get().alert.public_id)


def test_json_feed_names_its_version(client):
    publish()

    feed = json.loads(client.get("/feeds/alerts.json").content)

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert {"id", "url", "title", "content_text"} <= set(feed["items"][0])


def test_what_is_over_leaves_the_feed_and_stays_in_the_log(client):
    alert = publish()
    change(alert, ChangeReason.CLEARED, NOON, state=AlertState.ENDED)
    publish_due(now=NOON)

    assert titles(client, "/feeds/alerts.atom") == []
    newest, first = titles(client, "/feeds/alerts-log.atom")
    assert newest.startswith("Over: ")
    assert "Storm gusts" in first


def test_what_has_expired_leaves_the_feed(client, monkeypatch):
    publish()
    monkeypatch.setattr("weatherapp.pages.feeds.timezone.now", lambda: NOON + 4 * HOUR)

    assert titles(client, "/feeds/alerts.atom") == []


def test_alerts_are_chosen_by_place_tag_box_and_severity(client):
    coast = make_place(name="Coast", latitude=10, longitude=179)
    coast.tags.add(Tag.objects.create(name="coast"))
    publish(place=coast, rule="One", severity="Minor")
    publish("Inland", rule="Two", severity="Severe")

    assert names(client, f"place={coast.pk}") == ["Coast"]
    assert names(client, "tag=Coast") == ["Coast"]
    assert names(client, "bbox=170,0,-170,20") == ["Coast"]
    assert names(client, "bbox=-20,40,20,60") == ["Inland"]
    assert names(client, "severity=severe") == ["Inland"]
    assert names(client, "severity=minor") == ["Inland", "Coast"]
    assert names(client, f"place={coast.pk}&severity=severe") == []


@pytest.mark.parametrize(
    ("query", "names_it"),
    [
        ("place=x", "place must be"),
        ("place=99999999999999999999", "place must be"),
        ("severity=bad", "severity must be one of Minor"),
        ("bbox=1,2,3", "bbox must be"),
        ("bbox=1,50,3,40", "south first"),
        ("bbox=nan,1,2,3", "bbox must be"),
        ("bbox=-190,1,2,3", "bbox must be"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(client, query, names_it):
    answer = client.get(f"/feeds/alerts.atom?{query}")

    assert answer.status_code == 400
    assert names_it in answer.content.decode()


def test_unknown_places_and_messages_are_not_found(client):
    alert = publish()

    for address in (
        "/feeds/alerts.atom?place=999",
        "/places/999/alerts.ics",
        f"/cap/{alert.public_id}-2.xml",
        "/feeds/alerts.xml",
    ):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize("form", FEEDS)
def test_nothing_new_is_told_in_a_few_bytes(client, form):
    publish()
    first = client.get(f"/feeds/alerts.{form}")
    again = client.get(f"/feeds/alerts.{form}", headers={"If-None-Match": first.headers["ETag"]})
    publish("Elsewhere", rule="Another")
    other = client.get(f"/feeds/alerts.{form}", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert other.status_code == 200


@pytest.mark.parametrize("form", FEEDS)
def test_nothing_new_renders_nothing(client, monkeypatch, form, django_assert_max_num_queries):
    publish()
    first = client.get(f"/feeds/alerts.{form}")
    shared_pages.clear()
    monkeypatch.setitem(FORMS, form, ("text/plain", None))  # whoever wrote it again would fail

    with django_assert_max_num_queries(3):
        again = client.get(
            f"/feeds/alerts.{form}", headers={"If-None-Match": first.headers["ETag"]}
        )

    assert (again.status_code, again.content) == (304, b"")


def test_feed_in_french(client):
    publish()

    feed = feedparser.parse(client.get("/feeds/alerts.atom?lang=fr").content)

    assert feed.feed.title.endswith("alertes en vigueur")
    assert find_term(feed.entries[0], "event") == "Vent"


def read_events(client, place):
    body = client.get(f"/places/{place.pk}/alerts.ics").content
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    events = Calendar.from_ical(body).walk("VEVENT")
    others = IcsCalendarStream.calendar_from_ics(body.decode()).events
    assert [str(one["UID"]) for one in events] == [other.uid for other in others]
    return events


def test_calendar_follows_an_alert_from_its_raising_to_its_end(client):
    alert = publish("Straße; a, b\\c")
    (raised,) = read_events(client, alert.place)
    change(alert, ChangeReason.EXTENDED, NOON, ends_at=NOON + 9 * HOUR)
    publish_due(now=NOON)
    (extended,) = read_events(client, alert.place)
    change(alert, ChangeReason.CANCELLED, NOON, state=AlertState.CANCELLED)
    publish_due(now=NOON)
    (cancelled,) = read_events(client, alert.place)

    assert raised["UID"] == extended["UID"] == cancelled["UID"]
    assert [one["SEQUENCE"] for one in (raised, extended, cancelled)] == [0, 1, 2]
    assert raised["STATUS"] == "CONFIRMED"
    assert extended["DTEND"].dt == NOON + 9 * HOUR
    assert cancelled["STATUS"] == "CANCELLED"
    assert str(raised["LOCATION"]) == alert.place.name


def test_page_names_every_feed(client):
    body = client.get("/feeds/").content.decode()

    for form in FEEDS:
        assert f'href="/feeds/alerts.{form}"' in body
    for form in ("geojson", "json"):
        assert f'href="/feeds/warnings.{form}"' in body
    assert 'href="/feeds/alerts-log.atom"' in body
