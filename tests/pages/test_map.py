"""The map shows every place, and whether it is alerted, by shape, colour and word."""

from __future__ import annotations

import gzip

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.many_rows import store_storm
from tests.factories import NOON, make_alert, make_place, make_rule
from tests.pages.markup import read, words
from weatherapp.models import AlertState, Place
from weatherapp.pages.map_marks import merge_marks
from weatherapp.pages.world_map import Mark

pytestmark = pytest.mark.django_db


def place_at(name, latitude, longitude, severity=None, **fields):
    fetched = {"fetched_at": NOON} | fields
    place = make_place(name=name, latitude=latitude, longitude=longitude, **fetched)
    if severity:
        make_alert(make_rule(place, name=f"Rule of {name}"), severity=severity)
    return place


def marks_of(page):
    markup = read(page.content.decode())
    return [
        link.attributes["aria-label"] for link in markup.all("a") if "aria-label" in link.attributes
    ]


def test_each_place_is_a_link_that_says_its_name_and_how_it_stands(client):
    storm = place_at("Lisbon", 38.7, -9.1, "Extreme")
    place_at("Berlin", 52.5, 13.4)
    page = client.get("/map")
    markup = read(page.content.decode())

    assert marks_of(page) == ["Berlin: No open alert", "Lisbon: Extreme"]  # the worst on top
    assert markup.mistakes == []
    assert markup.one("a", **{"aria-label": "Lisbon: Extreme"}).attributes["href"] == (
        storm.get_absolute_url()
    )
    assert "shape-extreme" in page.content.decode()


def test_what_is_not_known_is_not_shown_as_calm(client):
    place_at("Lisbon", 38.7, -9.1, fetched_at=None)
    lost = place_at("Berlin", 52.5, 13.4)
    make_alert(make_rule(lost), severity="Severe", state=AlertState.NO_DATA)
    page = client.get("/map")

    assert set(marks_of(page)) == {"Lisbon: No data", "Berlin: Alert not confirmed by data"}
    assert "not the same as no alert" in words(page)


def test_places_close_together_are_one_mark_with_their_number_and_worst_alert(client):
    place_at("Oslo", 59.9, 10.7)
    for number in range(5):
        place_at(f"Quarter {number}", 38.7, -9.1 + number / 1000, "Severe" if number == 3 else None)
    page = client.get("/map")
    cluster = next(
        link
        for link in read(page.content.decode()).all("a")
        if link.attributes.get("aria-label") == "5 places, the worst: Severe"
    )

    closer = client.get(cluster.attributes["href"])
    assert closer.status_code == 200
    assert "Oslo" not in words(closer)


def test_the_worst_alert_of_a_place_counts_and_each_place_once(client):
    place = place_at("Lisbon", 38.7, -9.1, "Minor")
    make_alert(make_rule(place, name="Another"), severity="Severe")

    assert marks_of(client.get("/map")) == ["Lisbon: Severe"]
    assert "1 has an open alert" in words(client.get("/map"))


def test_the_list_holds_what_the_map_shows_worst_first(client):
    place_at("Lisbon", 38.7, -9.1, "Minor")
    place_at("Berlin", 52.5, 13.4)
    place_at("Sydney", -33.9, 151.2, "Extreme")

    text = words(client.get("/map?at=47,2&zoom=6"))

    assert text.index("Lisbon Minor") < text.index("Berlin No open alert")
    assert "Sydney" not in text


def test_places_around_the_date_line_are_on_one_map(client):
    place_at("Suva", -18.1, 178.4)
    place_at("Nuku'alofa", -21.1, -175.2)
    page = client.get("/map")

    assert len(marks_of(page)) == 2
    assert "translate(360)" in page.content.decode()


@pytest.mark.parametrize("query", ["at=x&zoom=3", "at=1,1&zoom=", "at=nan,nan&zoom=1", "page=x"])
def test_a_bad_address_shows_all_places(client, query):
    place_at("Lisbon", 38.7, -9.1)

    assert "1 place is on this map" in words(client.get(f"/map?{query}"))


def test_one_may_go_on_from_view_to_view(client):
    place_at("Lisbon", 38.7, -9.1)
    page = read(client.get("/map?at=38.7,-9.1&zoom=8").content.decode())
    (controls,) = page.all("nav", **{"aria-label": "Move the map"})
    links = [
        link.attributes["href"] for link in page.all("a") if "zoom=" in link.attributes["href"]
    ]

    assert "Zoom in Zoom out" in " ".join(controls.text.split())
    assert len(links) == 6
    assert all(client.get(link).status_code == 200 for link in links)


def test_without_places_it_says_so(client):
    assert "none has been entered" in words(client.get("/map"))
    assert client.get("/map/small").content.strip() == b""


def test_other_pages_may_ask_for_it(client):
    place_at("Lisbon", 38.7, -9.1, "Extreme")
    answer = client.get("/map/small")

    assert 'aria-label="Lisbon: Extreme"' in answer.content.decode()
    assert b"<html" not in answer.content
    assert client.get("/map/small", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_nobody_draws_it_anew_before_something_has_changed(client):
    place = place_at("Lisbon", 38.7, -9.1)
    html = client.get("/map").content.decode()
    address = read(html).one("div", id="live").attributes["hx-get"]

    assert client.get(address, headers={"HX-Request": "true"}).status_code == 204

    make_alert(make_rule(place), severity="Severe")
    from django.core.cache import caches

    caches["parts"].clear()
    fresh = client.get(address, headers={"HX-Request": "true"})
    assert "Lisbon: Severe" in fresh.content.decode()
    assert "<html" not in fresh.content.decode()


def test_french_readers_get_numbers_that_a_browser_can_draw(client):
    place_at("Lisbon", 38.7, -9.1)
    place_at("Berlin", 52.5, 13.4)
    page = read(client.get("/map", headers={"Accept-Language": "fr"}).content.decode())
    mark = page.all("svg", overflow="visible")[0].attributes

    assert float(mark["x"].removesuffix("%")) > 0
    assert page.all("svg", preserveaspectratio="none")[0].attributes["viewbox"].count(",") == 0


def test_marks_keep_a_finger_apart():
    def mark(x, y, count=1, number=1):
        return Mark(x, y, count, 0, 8, number, 0, 0)

    kept = merge_marks([mark(10, 10, 3), mark(12, 12, 1, 2), mark(40, 10, 1, 3)])

    assert [(one.x, one.count) for one in kept] == [(10, 4), (40, 1)]


@pytest.mark.slow
def test_ten_thousand_places_make_a_small_page_with_few_queries(client):
    store_storm(places=40, alerts=8, now=NOON)
    with CaptureQueriesContext(connection) as few:
        client.get("/map")
    Place.objects.all().delete()
    store_storm(places=10_000, alerts=2_500, now=NOON)
    from django.core.cache import caches

    from weatherapp.pages.shared_pages import shared_pages

    shared_pages.clear()
    caches["parts"].clear()
    with CaptureQueriesContext(connection) as many:
        page = client.get("/map")

    assert len(many) <= len(few)
    assert len(gzip.compress(page.content)) < 20_000
    assert "10,000 places are on this map" in words(page)
    assert len(marks_of(page)) <= 96
