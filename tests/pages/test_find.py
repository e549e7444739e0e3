"""A search finds places by name as people type it, cities that are not watched, and what is near."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import NOON, make_alert, make_place, make_rule
from tests.pages.markup import read, words
from weatherapp.domain.sphere import Point, distance_km
from weatherapp.models import Place, Tag
from weatherapp.pages.near import find_nearest

pytestmark = pytest.mark.django_db


def find(client, text, **more):
    return client.get("/find", {"q": text} | more)


@pytest.mark.parametrize("typed", ["saint-étienne", "Saint Etienne", "ETIENNE", " étien "])
def test_a_place_is_found_without_its_case_and_accents(client, typed):
    make_place(name="Saint-Étienne")
    make_place(name="Cork")

    text = words(find(client, typed))

    assert "1 watched place for" in text
    assert "Saint-Étienne ?No data" in text
    assert "Cork ?" not in text


def test_places_that_are_stored_in_bulk_or_renamed_are_found(client):
    Place.objects.bulk_create([Place(name="Ærø", latitude=54.9, longitude=10.4)])
    place = make_place(name="Before")
    place.name = "Łódź"
    place.save()

    assert "Ærø" in words(find(client, "aero"))
    assert "Łódź" in words(find(client, "lodz"))
    assert "0 watched places for “before”" not in words(find(client, "lodz"))


def test_those_called_exactly_so_come_first(client):
    for name in ("New Cork", "Corkscrew", "Cork"):
        make_place(name=name)

    text = words(find(client, "cork"))

    assert text.index("Cork ?No") < text.index("Corkscrew ?No") < text.index("New Cork ?No")


def test_places_are_found_by_country_and_tag_and_narrowed_by_them(client):
    tagged = make_place(name="Harbour", country="IE")
    tagged.tags.add(Tag.objects.create(name="Coast"))
    make_place(name="Harbour Hill", country="GB")

    assert "Harbour Hill" not in words(find(client, "ie"))
    assert "1 watched place" in words(find(client, "coast"))
    assert "1 watched place" in words(find(client, "harbour, gb"))
    assert "1 watched place" in words(find(client, "harbour, Royaume-Uni"))
    assert "Harbour Hill" not in words(find(client, "ireland"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Paris, France", "Paris, France"),
        ("Tbilisi, Georgia", "Tbilisi, Georgia"),
        ("Atlanta, Georgia", "Atlanta, Georgia, United States"),
    ],
)
def test_a_country_or_a_state_after_a_comma_narrows_the_cities(client, text, found):
    assert f"{found} Not watched here." in words(find(client, text))


def test_a_city_that_is_not_watched_leads_to_the_nearest_place_that_is(client):
    make_place(name="Dublin Airport", latitude=53.42, longitude=-6.27)
    page = find(client, "Cork")

    assert (
        "Cork, Ireland Not watched here. The nearest watched place is Dublin Airport, 2"
        in words(page)
    )
    assert "/admin/weatherapp/place/add/?city=Cork" in page.content.decode()


def test_a_place_on_another_continent_is_not_told_of_as_the_nearest(client):
    make_place(name="Dublin Airport", latitude=53.42, longitude=-6.27)
    text = words(find(client, "Toronto"))

    assert "Toronto, Canada Not watched here." in text
    assert "Dublin" not in text


def test_distances_are_in_the_readers_units(client):
    make_place(name="Dublin Airport", latitude=53.42, longitude=-6.27)

    assert "km away" in words(find(client, "Cork"))
    assert "mi away" in words(find(client, "Cork", units="us"))


def test_a_city_beside_a_place_that_is_listed_is_not_told_twice(client):
    make_place(name="Reykjavik", latitude=64.14, longitude=-21.9)

    assert "Cities" not in words(find(client, "reykjavik"))


def test_a_city_is_watched_where_a_place_of_another_name_is_near(client):
    make_place(name="Airport", latitude=48.2, longitude=16.4)

    assert "Vienna, Austria Watched nearby: Airport" in words(find(client, "wien"))


@pytest.mark.parametrize("typed", ["qqqzzz", "<b>q9", "%", "_", "\0", "x" * 500, "💥", ",", "'"])
def test_nothing_found_says_so_and_shows_ways_out(client, settings, typed):
    settings.WEATHER_SOURCE = "replay"
    make_place(name="Dublin")
    page = find(client, typed)

    assert page.status_code == 200
    assert b"<b>" not in page.content
    assert read(page.content.decode()).mistakes == []
    assert ("No place of that name" in words(page)) == (typed.strip("\0") != "")
    assert len(read(page.content.decode()).all("a", href="/map")) == 2  # in the header, and below


def test_many_are_paged_and_the_search_goes_along(client):
    for number in range(25):
        make_place(name=f"A&B {number:02}")
    page = read(find(client, "a&b").content.decode())
    second = client.get("/find" + page.one("a", rel="next").attributes["href"])

    assert "A&B 24" in words(second)
    assert "A&B 00" not in words(second)
    assert page.one("input", id="find").attributes["value"] == "a&b"


def test_nearest_places_come_with_distance_and_alerts(client):
    near = make_place(name="Near", latitude=51.5, longitude=-0.2, fetched_at=NOON)
    make_place(name="Far", latitude=55.9, longitude=-3.2, fetched_at=NOON)
    make_alert(make_rule(near), severity="Severe")

    text = words(client.get("/find?near=51.5,-0.1"))

    assert "Near 6.9 km Severe" in text
    assert text.index("Near 6.9") < text.index("Far 5")


def test_a_position_is_rounded_and_kept_by_no_cache(client):
    make_place()
    page = client.get("/find?near=51.512345,-0.187654")

    assert "no-store" in page.headers["Cache-Control"]
    assert b"51.5123" not in page.content


@pytest.mark.parametrize("near", ["", "x", "91,0", "0,181", "1", "1,2,3", "nan,0", "1e5,1", "\0,1"])
def test_what_is_no_position_is_said(client, near):
    assert "That is no position on Earth" in words(client.get("/find", {"near": near}))


def test_nearest_over_the_date_line_and_at_the_pole():
    east = make_place(name="Suva", latitude=-18.1, longitude=178.4)
    west = make_place(name="Apia", latitude=-13.8, longitude=-171.8)
    north = make_place(name="Alert", latitude=82.5, longitude=-62.3)

    found = find_nearest([Point(-17, -179.9), Point(-14, -172), Point(89.9, 120)], limit=1)

    assert [places[0][0] for places in found] == [east.pk, west.pk, north.pk]


def test_nearest_is_the_nearest_however_far(client):
    rows = [
        Place(name=f"P{n}", latitude=(n * 37) % 170 - 85, longitude=(n * 61) % 360 - 180)
        for n in range(500)
    ]
    Place.objects.bulk_create(rows)
    for point in (Point(0, 0), Point(70, 179.5), Point(-89, 10), Point(33.3, -120.1)):
        expected = sorted(distance_km(point, Point(r.latitude, r.longitude)) for r in rows)[:10]
        with CaptureQueriesContext(connection) as queries:
            (found,) = find_nearest([point], limit=10)
        assert [km for _, km in found] == pytest.approx(expected)
        assert len(queries) <= 3


def test_inactive_places_are_not_found(client):
    make_place(name="Closed", is_active=False)

    assert "0 watched" not in words(find(client, "closed"))
    assert "Closed ?" not in words(find(client, "closed"))
    assert "watches no place" in words(client.get("/find?near=1,1"))


def test_the_near_button_is_there_for_a_script_alone(client):
    html = client.get("/find").content.decode()
    box = next(one for one in read(html).all("div") if "data-near" in one.attributes)

    assert "hidden" in box.attributes
    assert box.attributes["data-near"] == "/find"
    assert "js/near.js" in html
