"""The authorities' warnings for machines: with issuer and licence, and how their sources are."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest
from aio_geojson_generic_client.feed import GenericFeed as GeoJsonFeed
from aiohttp import ClientSession
from geojson_pydantic import FeatureCollection

from tests.factories import make_place
from tests.official.feeds import make_source
from tests.official.making import NOON, make_area, make_cap, make_info
from tests.official.stored import store
from weatherapp.models import OfficialWarning, Tag, WarningSource

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
FORMS = ("geojson", "json")
AROUND = "53,-7 53,-6 54,-6 54,-7 53,-7"  # Dublin


@pytest.fixture(autouse=True)
def _noon(monkeypatch):
    monkeypatch.setattr("weatherapp.pages.warning_feeds.timezone.now", lambda: NOON)


def at(polygon=AROUND, **said):
    return make_info(rest=make_area(polygon=polygon), **said)


def read(client, query="", form="geojson", **headers):
    answer = client.get(f"/feeds/warnings.{form}?{query}", headers=headers)
    assert answer.status_code == 200
    return answer.json()


def properties(client, query=""):
    return [one["properties"] for one in read(client, query)["features"]]


@pytest.fixture
def source():
    return make_source(
        succeeded_at=NOON, licence="CC BY 4.0", attribution="Source: The Office", key="ie-met"
    )


@pytest.fixture
def dublin():
    return make_place(name="Dublin", latitude=53.35, longitude=-6.26, country="IE")


@pytest.fixture
def warned(source, dublin):
    said = {"web": "https://office.example/1", "instruction": "Stay in.", "description": "Gales."}
    texts = [at(severity="Severe", **said), at(language="fr", severity="Severe", headline="Vent")]
    store(source, make_cap("urn:1", infos=texts))
    return OfficialWarning.objects.get()


def test_a_warning_has_issuer_licence_and_source(client, warned):
    (one,) = read(client)["features"]
    said = one["properties"]

    assert one["id"] == str(warned.public_id)
    assert one["geometry"] == {"type": "Point", "coordinates": [-6.26, 53.35]}
    assert (said["title"], said["severity"], said["issuer"]) == (
        "Wind is coming", "Severe", "The Office",
    )  # fmt: skip
    assert (said["licence"], said["attribution"]) == ("CC BY 4.0", "Source: The Office")
    assert (said["issuer_url"], said["instruction"]) == ("https://office.example/1", "Stay in.")
    assert said["url"] == f"http://testserver{warned.get_absolute_url()}"
    assert (said["sent"], said["onset"], said["ends"]) == (
        "2026-03-01T09:00:00+00:00", "2026-03-01T10:00:00+00:00", "2026-03-01T18:00:00+00:00",
    )  # fmt: skip
    assert said["in_force"] is True
    assert [place["name"] for place in said["places"]] == ["Dublin"]
    (teller,) = said["told_by"]
    assert (teller["source"], teller["identifiers"]) == ("ie-met", ["urn:1"])


def test_json_feed_names_the_authority_as_author(client, warned):
    feed = read(client, form="json")
    (item,) = feed["items"]

    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert item["authors"] == [{"name": "The Office"}]
    assert item["external_url"] == "https://office.example/1"
    assert item["url"] == f"http://testserver{warned.get_absolute_url()}"
    assert "Gales." in item["content_text"]
    assert "Source: The Office" in item["content_text"]
    assert item["_licence"] == "CC BY 4.0"
    assert feed["_complete"] is True


def test_texts_are_in_the_readers_language_where_the_authority_has_it(client, warned):
    assert properties(client, "lang=fr")[0]["title"] == "Vent"
    assert properties(client, "lang=en")[0]["title"] == "Wind is coming"


def test_areas_are_drawn_as_the_authority_draws_them(client, warned):
    body = client.get("/feeds/warnings.geojson?geometry=polygon")

    FeatureCollection.model_validate_json(body.content)
    (one,) = body.json()["features"]
    assert one["geometry"]["type"] == "Polygon"
    assert one["geometry"]["coordinates"][0][0] == [-7.0, 53.0]


def test_circles_and_many_areas_are_a_collection(client, source, dublin):
    rest = make_area(polygon=AROUND) + make_area(circle="53.35,-6.26 20")
    store(source, make_cap("a", infos=[make_info(rest=rest)]))

    body = client.get("/feeds/warnings.geojson?geometry=polygon")

    with pytest.warns(UserWarning, match="homogeneous"):  # a MultiPolygon, Home Assistant drops
        FeatureCollection.model_validate_json(body.content)
    (one,) = body.json()["features"]
    assert one["geometry"]["type"] == "GeometryCollection"
    assert {shape["type"] for shape in one["geometry"]["geometries"]} == {"Polygon"}
    assert len(one["geometry"]["geometries"]) == 2


@pytest.mark.parametrize("query", ["", "?geometry=polygon"])
def test_it_is_read_as_home_assistant_reads_it(live_server, warned, query):
    make_place(name="Howth", latitude=53.38, longitude=-6.07)

    async def fetch():
        async with ClientSession() as session:
            address = f"{live_server.url}/feeds/warnings.geojson{query}"
            return await GeoJsonFeed(session, (53.0, -6.0), address, 200).update()

    status, (entry,) = asyncio.run(fetch())

    assert status == "OK"
    assert entry.external_id == str(warned.public_id)
    assert entry.title == "Wind is coming"


def test_one_danger_that_two_tell_of_is_one_and_names_both(client, warned):
    other = make_source(key="eu-alarm", succeeded_at=NOON, attribution="By EU", licence="CC0")
    store(other, make_cap("urn:2", infos=[at(severity="Severe", senderName="Second office")]))

    (said,) = properties(client)

    assert [one["issuer"] for one in said["told_by"]] == ["The Office", "Second office"]
    assert {one["licence"] for one in said["told_by"]} == {"CC BY 4.0", "CC0"}


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_list_is_no_quiet_where_nobody_is_asked(client, form):
    feed = read(client, form=form)
    mark = "" if form == "geojson" else "_"

    assert feed[f"{mark}sources"] == []
    assert feed[f"{mark}complete"] is False


def test_a_silent_source_is_named(client, source):
    assert read(client)["complete"] is True
    WarningSource.objects.update(succeeded_at=NOON - 9 * HOUR, problem="unreachable")

    feed = read(client)

    assert feed["complete"] is False
    (one,) = feed["sources"]
    assert (one["silent"], one["problem"]) == (True, "unreachable")
    assert one["last_success"] == "2026-03-01T03:00:00+00:00"


def test_what_is_over_elsewhere_or_of_an_inactive_place_is_not_there(client, source, dublin):
    far = "1,1 1,2 2,2 2,1 1,1"
    store(
        source,
        make_cap("old", infos=[at(expires="2026-03-01T11:00:00+00:00")]),
        make_cap("far", infos=[at(polygon=far)]),
    )
    assert properties(client) == []
    store(source, make_cap("now", infos=[at()]))
    assert len(properties(client)) == 1

    dublin.is_active = False
    dublin.save()
    assert properties(client) == []


def test_warnings_are_chosen_as_alerts_are(client, warned, dublin):
    dublin.tags.add(Tag.objects.create(name="coast"))
    elsewhere = make_place(name="Elsewhere")

    for query in (f"place={dublin.pk}", "tag=Coast", "bbox=-7,53,-6,54", "severity=severe"):
        assert len(properties(client, query)) == 1, query
    for query in (f"place={elsewhere.pk}", "tag=hill", "bbox=1,2,3,4", "severity=extreme"):
        assert properties(client, query) == [], query
    assert client.get("/feeds/warnings.json?bbox=1").status_code == 400
    assert client.get("/feeds/warnings.json?place=9999").status_code == 404


def test_links_that_lead_nowhere_on_the_web_are_left_out(client, source, dublin):
    store(source, make_cap("a", infos=[at(web="javascript:alert(1)", headline="")]))

    (said,) = properties(client)

    assert said["issuer_url"] is None
    assert said["title"] == "Wind"


@pytest.mark.parametrize("form", FORMS)
def test_nothing_new_is_a_304_and_news_are_not(client, warned, source, form):
    first = client.get(f"/feeds/warnings.{form}")
    known = {"If-None-Match": first.headers["ETag"]}

    assert client.get(f"/feeds/warnings.{form}", headers=known).status_code == 304
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    store(
        source, make_cap("urn:9", infos=[at(event="Flood", headline="Water", severity="Extreme")])
    )
    WarningSource.objects.update(succeeded_at=NOON - HOUR / 60)
    again = client.get(f"/feeds/warnings.{form}", headers=known)
    assert again.status_code == 200
    assert "Water" in json.dumps(again.json())


def test_many_warnings_cost_as_many_queries_as_one(
    client, source, dublin, django_assert_max_num_queries
):
    for number in range(9):
        hazard = ("Wind", "Flood", "Snow", "Fog", "Heat", "Avalanche", "Fire", "Rain", "Ice")[
            number
        ]
        store(source, make_cap(f"n{number}", infos=[at(event=hazard)]))

    with django_assert_max_num_queries(9):
        feed = read(client, "geometry=polygon")

    assert len(feed["features"]) > 5
