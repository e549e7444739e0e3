"""What a page fetches anew each minute: the same parts, and only news is announced."""

import re
from datetime import timedelta

import pytest

from tests.factories import NOON, make_rule
from tests.pages import scenes
from tests.pages.markup import read, words
from weatherapp.models import AlertState, ChangeReason

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def poll_address(page):
    """Where the page would ask next."""
    return read(page.content.decode()).one("div", id="live").attributes["hx-get"]


def ids_of(page):
    elements = read(page.content.decode()).elements
    return {
        element.attributes["id"]
        for element in elements
        if element.attributes.get("hx-swap-oob") or element.attributes.get("hx-get")
    }


@pytest.fixture
def place():
    return scenes.make_live_place()


@pytest.fixture
def alert(place):
    return scenes.make_raised_rule(place)


def test_part_of_home_is_what_the_page_shows(client, alert):
    whole = client.get("/")
    part = client.get("/", headers=HTMX)

    html = part.content.decode()
    title = read(html).one("title").text

    assert "<html" not in html
    assert title in whole.content.decode()
    assert words(part).removeprefix(title).strip() in words(whole)


def test_title_of_an_open_page_counts_a_new_alert(client, place):
    page = client.get("/")
    scenes.make_raised_rule(place)
    part = client.get(poll_address(page), headers=HTMX)

    assert "<title>No alerts." in page.content.decode()
    assert "<title>(1) Minor alert at Dublin" in part.content.decode()


def test_caches_keep_page_and_part_apart(client, place):
    for address in ("/", f"/places/{place.pk}/"):
        response = client.get(address)

        assert "HX-Request" in response["Vary"]
        assert response["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("address", ["/", "/places/{pk}/"])
def test_nothing_is_sent_while_nothing_changes(client, place, alert, address):
    page = client.get(address.format(pk=place.pk))
    part = client.get(poll_address(page), headers=HTMX)

    assert part.status_code == 204
    assert part.content == b""


@pytest.mark.parametrize("address", ["/", "/places/{pk}/"])
def test_nothing_is_announced_when_only_time_has_passed(client, place, alert, clock, address):
    page = client.get(address.format(pk=place.pk))
    clock(NOON + timedelta(minutes=5))
    part = client.get(poll_address(page), headers=HTMX)

    assert part.status_code == 200
    assert 'id="announcements"' not in part.content.decode()


@pytest.mark.parametrize("address", ["/", "/places/{pk}/"])
def test_change_is_announced_once(client, place, alert, address):
    page = client.get(address.format(pk=place.pk))
    scenes.add_change(alert, ChangeReason.CLEARED, state=AlertState.ENDED, value=0.3)
    part = client.get(poll_address(page), headers=HTMX)
    next_part = client.get(poll_address(part), headers=HTMX)

    assert read(part.content.decode()).one("p", id="announcements").text == (
        "Alert over: Rain soon, Dublin, ended."
    )
    assert 'id="announcements"' not in next_part.content.decode()


def test_flood_of_changes_is_cut_short(client, alert):
    page = client.get("/")
    for _ in range(5):
        scenes.add_change(alert, ChangeReason.ESCALATED)
    news = read(client.get(poll_address(page), headers=HTMX).content.decode()).one(
        "p", id="announcements"
    )

    assert news.text.count("Alert changed") == 3
    assert news.text.endswith("There is more on the page.")


def test_place_announces_only_its_own_alerts(client, place):
    page = client.get(f"/places/{place.pk}/")
    scenes.make_raised_rule(scenes.make_live_place(name="Elsewhere"))
    part = client.get(poll_address(page), headers=HTMX)

    assert 'id="announcements"' not in part.content.decode()


def test_first_alert_of_a_quiet_place_is_announced(client, place):
    page = client.get(f"/places/{place.pk}/")
    scenes.make_raised_rule(place)
    part = client.get(poll_address(page), headers=HTMX)

    assert "New alert: Rain soon, Dublin, Minor." in words(part)


def test_charts_are_redrawn_only_when_their_data_changed(client, place, clock):
    page = client.get(f"/places/{place.pk}/")
    clock(NOON + timedelta(minutes=5))
    same = client.get(poll_address(page), headers=HTMX)
    place.readings.order_by("-observed_at").first().delete()
    changed = client.get(poll_address(page), headers=HTMX)

    assert ids_of(same) == {"live", "standing"}
    assert ids_of(changed) == {"live", "standing", "chart", "readings"}


def test_form_is_never_redrawn_under_the_readers_hands(client, place):
    part = client.get(f"/places/{place.pk}/", headers=HTMX)

    assert "<input" not in part.content.decode()


@pytest.mark.parametrize("seen", ["", "x", "-1", "1.5", "9" * 40, "²"])
def test_senseless_marks_are_a_first_look(client, place, seen):
    make_rule(place)

    response = client.get("/", {"seen": seen}, headers=HTMX)

    assert response.status_code == 200
    assert 'id="announcements"' not in response.content.decode()


def test_page_holds_a_polite_empty_region_for_news(client, place):
    region = read(client.get("/").content.decode()).one("p", id="announcements")

    assert region.attributes["aria-live"] == "polite"
    assert region.text == ""


def test_script_can_run_under_the_sites_policy(client, place):
    html = client.get("/").content.decode()

    assert re.search(r'"allowEval": false', html)
    assert re.search(r'"includeIndicatorStyles": false', html)
