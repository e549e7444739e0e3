"""The map that can be moved: not there by default; where it is, its answers are bounded and shared."""

from __future__ import annotations

from hashlib import sha256

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.many_rows import store_storm
from tests import ROOT
from tests.factories import NOON
from tests.pages.markup import read, words
from tests.pages.test_map import place_at
from weatherapp.models import AlertState
from weatherapp.pages.movable_map import MOST_PLACES
from weatherapp.pages.shared_pages import shared_pages

pytestmark = pytest.mark.django_db
ORIGIN = "https://tiles.example.org"


@pytest.fixture
def tiles(settings):
    settings.MAP_TILES_URL = ORIGIN + "/{z}/{x}/{y}.png"
    settings.MAP_TILES_ATTRIBUTION = 'Tiles by <a href="https://example.org/credit">Example</a>'


def ask(client, query="at=0,0&zoom=0"):
    answer = client.get(f"/map/places?{query}")
    assert answer["Content-Type"] == "application/json"
    return answer.json()


def test_by_default_there_is_no_such_map(client):
    place_at("Lisbon", 38.7, -9.1)
    page = client.get("/map")

    assert "movable" not in page.content.decode()
    assert "leaflet" not in page.content.decode()
    assert client.get("/map/places").status_code == 404
    assert "nothing is loaded from other sites. Reading" in words(client.get("/privacy"))


def test_by_default_the_policy_of_the_map_is_that_of_every_page(client):
    place_at("Lisbon", 38.7, -9.1)

    assert (
        client.get("/map")["Content-Security-Policy"]
        == (client.get("/about")["Content-Security-Policy"])
    )


def test_the_hosts_pictures_are_allowed_on_the_map_and_nowhere_else(client, tiles):
    place = place_at("Lisbon", 38.7, -9.1)
    usual = client.get("/about")["Content-Security-Policy"]
    policy = client.get("/map")["Content-Security-Policy"]

    assert f"img-src 'self' data: {ORIGIN}" in policy
    assert sorted(policy.replace(f" {ORIGIN}", "").split("; ")) == sorted(usual.split("; "))
    assert policy.count(ORIGIN) == 1
    for address in ("/", "/privacy", "/map/small", "/map/places", place.get_absolute_url()):
        assert ORIGIN not in client.get(address)["Content-Security-Policy"]


def test_a_page_that_has_not_changed_keeps_its_policy(client, tiles):
    place_at("Lisbon", 38.7, -9.1)
    first = client.get("/map")
    of_first = {"If-None-Match": first["ETag"]}
    known = client.get("/map", headers=of_first)
    shared_pages.clear()
    asked = client.get("/map", headers=of_first)

    # A browser takes what a 304 says for the page that it keeps, and leaves what it does not say.
    assert (known.status_code, asked.status_code) == (304, 304)
    assert "Content-Security-Policy" not in known
    assert asked["Content-Security-Policy"] == first["Content-Security-Policy"]
    assert client.get("/map")["Content-Security-Policy"] == first["Content-Security-Policy"]


def test_the_page_offers_it_with_the_credit_as_a_link_and_loads_nothing(client, tiles):
    place_at("Lisbon", 38.7, -9.1)
    page = client.get("/map")
    markup = read(page.content.decode())
    box = markup.one("section", **{"class": "movable"})

    assert markup.mistakes == []
    assert "hidden" in box.attributes  # until the script shows it
    assert markup.one("a", href="https://example.org/credit").text == "Example"
    loaded = [one.attributes.get("src") or one.attributes.get("href") for one in markup.all("link")]
    loaded += [one.attributes.get("src") for one in markup.all("script")]
    assert not [address for address in loaded if "leaflet" in address or "tiles." in address]
    assert 'aria-label="{name}: Extreme"' in page.content.decode()


def test_a_wrong_setting_is_no_map(client, tiles, settings):
    settings.MAP_TILES_URL = "https://tiles.example.org/{x}.png"
    place_at("Lisbon", 38.7, -9.1)

    assert "movable" not in client.get("/map").content.decode()
    assert client.get("/map/places").status_code == 404


def test_privacy_names_the_host_and_when_it_is_asked(client, tiles):
    text = words(client.get("/privacy"))

    assert "If you press “Move and zoom” on the map" in text
    assert "tiles.example.org" in text
    assert "unless you press the button for it" in text
    assert "unless you press the button for it" in words(client.get("/about"))


def test_places_come_worst_first_with_how_they_stand(client, tiles):
    calm = place_at("Berlin", 52.52, 13.41)
    place_at("Silent", 10, 10, fetched_at=None)
    storm = place_at("Lisbon", 38.7, -9.1, "Extreme")
    lost = place_at("Oslo", 59.9, 10.7, "Minor")
    lost.alerts.update(state=AlertState.NO_DATA)
    found = ask(client)

    assert found["total"] == 4
    assert [(one["name"], one["standing"]) for one in found["places"]] == [
        ("Lisbon", "extreme"),
        ("Oslo", "unconfirmed"),
        ("Berlin", "calm"),
        ("Silent", "no-data"),
    ]
    assert found["places"][0]["url"] == storm.get_absolute_url()
    assert found["places"][2] == {
        "name": "Berlin",
        "url": calm.get_absolute_url(),
        "standing": "calm",
        "at": [52.52, 13.41],
    }


def test_only_what_is_in_view_comes(client, tiles):
    place_at("Lisbon", 38.7, -9.1)
    place_at("Sydney", -33.9, 151.2)

    assert [one["name"] for one in ask(client, "at=38,-9&zoom=8")["places"]] == ["Lisbon"]
    assert ask(client, "at=0,-90&zoom=10") == {"total": 0, "places": []}


@pytest.mark.parametrize("query", ["", "at=x&zoom=1", "at=nan,0&zoom=2", "at=0,0", "zoom=9"])
def test_what_is_no_view_is_the_world(client, tiles, query):
    place_at("Lisbon", 38.7, -9.1)

    assert ask(client, query)["total"] == 1


def test_a_name_of_markup_is_only_a_name(client, tiles):
    place_at("<script>alert(1)</script>", 38.7, -9.1)

    assert ask(client)["places"][0]["name"] == "<script>alert(1)</script>"
    assert client.get("/map/places")["X-Content-Type-Options"] == "nosniff"


def test_who_asks_again_is_told_that_nothing_has_changed(client, tiles):
    place_at("Lisbon", 38.7, -9.1)
    first = client.get("/map/places?at=0,0&zoom=0")
    with CaptureQueriesContext(connection) as queries:
        shared = client.get("/map/places?at=0,0&zoom=0&utm=x")
    again = client.get("/map/places?at=0,0&zoom=0", headers={"If-None-Match": first["ETag"]})

    assert shared.content == first.content
    assert len(queries) == 0
    assert again.status_code == 304
    assert not first.cookies


def test_nobody_changes_anything_there(client, tiles):
    assert client.post("/map/places").status_code == 405


def test_leaflet_is_the_published_one_but_for_the_line_that_names_its_source_map():
    folder = ROOT / "weatherapp/static/leaflet"
    script = (folder / "leaflet.js").read_bytes() + b"//# sourceMappingURL=leaflet.js.map"

    assert sha256(script).hexdigest() == (
        "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a"
    )
    assert sha256((folder / "leaflet.css").read_bytes()).hexdigest() == (
        "a7837102824184820dfa198d1ebcd109ff6d0ff9a2672a074b9a1b4d147d04c6"
    )
    assert "BSD 2-Clause" in (folder / "LICENSE").read_text()


@pytest.mark.slow
def test_ten_thousand_places_are_a_bounded_answer_with_few_queries(client, tiles):
    store_storm(places=10_000, alerts=2_500, now=NOON)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/map/places?at=0,0&zoom=0")
    found = answer.json()

    assert len(queries) <= 6
    assert (found["total"], len(found["places"])) == (10_000, MOST_PLACES)
    assert len(answer.content) < 40_000
    assert "calm" not in {one["standing"] for one in found["places"]}
