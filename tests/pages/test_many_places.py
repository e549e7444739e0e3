"""A storm over 10,000 places: the pages stay small, and cost no more queries than with a few."""

import re

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.many_rows import store_storm
from tests.factories import NOON, make_alert, make_place, make_readings, make_rule
from tests.pages import scenes
from tests.pages.markup import read, words
from tests.pages.official import make_warning
from weatherapp.models import AlertState, Place, PlaceCalibration, Prediction
from weatherapp.pages import home_lines
from weatherapp.pages.shared_pages import shared_pages

pytestmark = pytest.mark.django_db
MOST_BYTES = 100_000


def queries_of(client, address):
    assert connection.features.supports_json_field  # which Django finds out by asking, once
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address)
    return page, len(queries)


@pytest.mark.slow
def test_home_stays_small_whatever_happens_and_its_queries_do_not_grow(client):
    store_storm(places=40, alerts=8, now=NOON)
    _, few = queries_of(client, "/")
    Place.objects.all().delete()
    store_storm(places=10_000, alerts=2_500, now=NOON)
    page, many = queries_of(client, "/")
    later, queries_of_later = queries_of(client, "/?page=300")

    assert many <= few
    assert queries_of_later <= few
    assert len(page.content) < MOST_BYTES
    assert len(later.content) < MOST_BYTES
    assert "<title>(2,500) " in page.content.decode()
    assert "Extreme 833" in words(page)
    assert "Page 1 of 500" in words(page)


def test_first_readers_of_pages_cost_few_queries(client):
    """Rules are read for the first place alone, in two queries; they are kept until one is edited."""
    place, other = scenes.make_live_place(), scenes.make_live_place(name="Elsewhere")
    rows = (place, other, scenes.make_raised_rule(place))

    home, first_home = queries_of(client, "/")
    first = [queries_of(client, row.get_absolute_url())[1] for row in rows]

    assert first_home <= 6
    assert all(one <= most for one, most in zip(first, [7, 5, 4], strict=True))
    assert "Elsewhere" in words(home)


def test_official_warnings_cost_home_one_query_and_others_two(client):
    """One for what stands, and at a place one for its sources, until one of these is heard again."""
    place = scenes.make_live_place(country="IE")
    alert = scenes.make_raised_rule(place)
    pages = ("/", place.get_absolute_url(), alert.get_absolute_url())
    before = [queries_of(client, page)[1] for page in pages]
    make_warning(place)
    after = [queries_of(client, page)[1] for page in pages]
    heard_again = queries_of(client, place.get_absolute_url())[1]

    assert after[0] <= before[0] + 1
    assert after[1] <= before[1] + 2
    assert after[2] <= before[2] + 1
    assert heard_again <= before[1] + 1


def test_place_whose_model_is_calibrated_costs_five_queries_too(client):
    make_rule(place := scenes.make_live_place())
    Prediction.objects.update(
        calibrated_hourly_probability=[0.05] * 24, calibrated_any_6h=0.2, calibrated_any_24h=0.4
    )
    PlaceCalibration.objects.create(
        place=place, model_version="test", answers=1240, learned_until_at=NOON, updated_at=NOON
    )
    client.get(scenes.make_live_place(name="Elsewhere").get_absolute_url())  # reads the rules

    page, count = queries_of(client, place.get_absolute_url())

    assert count <= 5
    assert "1,240 by now" in words(page)


def test_second_reader_of_the_same_minute_costs_home_no_query(client, settings):
    settings.PAGES_SHARED_SECONDS = 60
    scenes.make_raised_rule(scenes.make_live_place())
    scenes.make_live_place(name="Elsewhere")
    first = client.get("/?shown=1")
    second, count = queries_of(client, "/?shown=2")

    assert count == 0
    assert second.content == first.content


def test_first_reader_after_a_change_costs_five_queries(client, settings):
    settings.PAGES_SHARED_SECONDS = 60
    place, other = scenes.make_live_place(), scenes.make_live_place(name="Elsewhere")
    scenes.make_raised_rule(place)
    client.get("/")
    other.readings.filter(observed_at=NOON).delete()
    make_readings(other, hours=1, temperature_c=21.0)
    shared_pages.clear()  # as after some seconds
    caches["parts"].delete("home")

    home, count = queries_of(client, "/")

    assert count <= 5
    assert "21.0 °C" in words(home)


def test_line_is_written_anew_where_its_own_place_has_changed_and_only_there(client, monkeypatch):
    place, other = scenes.make_live_place(), scenes.make_live_place(name="Elsewhere")
    client.get("/")
    read_places, read = home_lines.read_places_now, []

    def remember(place_ids, clocks):
        read.extend(place_ids)
        return read_places(place_ids, clocks)

    monkeypatch.setattr(home_lines, "read_places_now", remember)
    place.readings.filter(observed_at=NOON).delete()
    make_readings(place, hours=1, temperature_c=-3.0)
    page = client.get("/")

    assert read == [place.pk]
    assert "\u22123.0 °C" in words(page)
    assert other.name in words(page)


def test_worst_alerts_come_first_over_all_pages(client):
    for number in range(31):
        make_alert(make_rule(scenes.make_live_place(name=f"Wet {number:02}")), severity="Minor")
    make_place(name="Calm")
    make_alert(make_rule(scenes.make_live_place(name="Worst")), severity="Extreme")
    lost = scenes.make_live_place(name="Unknown")
    make_alert(make_rule(lost), state=AlertState.NO_DATA, severity="Extreme")

    first, second = words(client.get("/")), words(client.get("/?page=2"))

    assert first.index("Worst") < first.index("Wet 00")
    assert "Calm" not in first
    assert second.index("Wet 30") < second.index("Unknown") < second.index("Calm")


def test_more_alerts_than_a_line_has_room_for_are_counted(client):
    place = scenes.make_live_place()
    for number in range(6):
        make_alert(
            make_rule(place, name=f"Rain {number}"), severity="Severe" if number else "Minor"
        )

    text = words(client.get("/"))

    assert "Rain 4" in text
    assert "Rain 0" not in text
    assert "2 more alerts" in text


def test_pages_are_led_to_by_links(client):
    for number in range(31):
        make_place(name=f"Place {number:02}")
    page = read(client.get("/").content.decode())
    second = client.get("/" + page.one("a", rel="next").attributes["href"])

    assert "Place 30" in words(second)
    assert read(second.content.decode()).one("a", rel="prev").attributes["href"] == "?page=1"


def test_a_place_is_found_by_a_part_of_its_name(client):
    make_place(name="Dún Laoghaire")
    make_place(name="Cork")

    text = words(client.get("/?q=laog"))

    assert "Dún Laoghaire" in text
    assert "Cork" not in text


def test_search_keeps_to_its_words_from_page_to_page_and_in_what_is_asked_anew(client):
    for number in range(35):
        make_place(name=f"A&B {number:02}")
    html = client.get("/?q=a%26b").content.decode()
    page = read(html)

    assert "q=a%26b" in page.one("a", rel="next").attributes["href"]
    assert "q=a%26b" in page.one("div", id="live").attributes["hx-get"]
    assert page.one("input", id="search").attributes["value"] == "a&b"


@pytest.mark.parametrize("search", ["nowhere", "<b>", "%", "\0", "x" * 500])
def test_search_that_finds_nothing_says_so(client, search):
    make_place()

    page = client.get("/", {"q": search})

    assert page.status_code == 200
    assert b"<b>" not in page.content
    assert ("has “" in words(page)) == (search != "\0")


def test_few_places_are_not_searched(client):
    for number in range(8):
        make_place(name=f"Place {number}")
    few = client.get("/").content.decode()
    make_place(name="One more")
    many = client.get("/").content.decode()

    assert not re.search("<search>", few)
    assert re.search("<search>", many)
