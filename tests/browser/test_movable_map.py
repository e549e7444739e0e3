"""The map that can be moved, before 10,000 places: on demand, by keyboard, and from one other host alone."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.axe import find_violations
from tests.browser.test_axe import APPEARANCES
from tests.browser.test_thousands import MAKE
from tests.browser.tiles import running_tile_host
from tests.system.site import Site

WARN = """
from django.utils import timezone
from tests.factories import make_alert, make_place, make_rule
from weatherapp.models import Place
now = timezone.now()
Place.objects.update(fetched_at=now)
for name, latitude, longitude, severity in (
    ("Lisbon <the old>", 38.72, -9.14, "Extreme"), ("Berlin", 52.52, 13.41, "Severe"), ("Suva", -18.1, 178.4, "Minor"),
):
    place = make_place(name=name, latitude=latitude, longitude=longitude, fetched_at=now)
    make_alert(make_rule(place, name=f"Rule of {name}"), severity=severity, raised_at=now)
"""
CREDIT = '© <a href="https://example.org/credit">Example</a>'
WORST = "Lisbon <the old>: Extreme"


@pytest.fixture(scope="module")
def tiles(what_is_needed):
    with running_tile_host() as host:
        yield host


@pytest.fixture(scope="module")
def site(tmp_path_factory, tiles):
    with Site(
        tmp_path_factory.mktemp("movable"),
        WEATHER_SOURCE="open_meteo",
        MAP_TILES_URL=f"http://{tiles.host}/{{z}}/{{x}}/{{y}}.png",
        MAP_TILES_ATTRIBUTION=CREDIT,
    ).running("worker", "beat", "predictor") as site:
        site.command("shell", "-c", MAKE)
        site.command("shell", "-c", WARN)
        yield site


@pytest.fixture
def open_page(browser, site, tiles):
    """Opens a page of a new reader, which says no word of a script's mistake or of a refused file."""
    contexts, mistakes = [], []
    tiles.is_down = False
    tiles.asked.clear()

    def open_it(path="/map", **appearance):
        context = browser.new_context(base_url=f"http://localhost:{site.port}", **appearance)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        page.on(
            "console",
            lambda said: mistakes.append(said.text) if "Content Security" in said.text else None,
        )
        page.goto(path, wait_until="networkidle")
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert mistakes == []


def press(page):
    page.get_by_role("button", name="Move and zoom").click()
    expect(mark(page, WORST)).to_be_visible()


def stage(page):
    return page.get_by_role("region", name="Map of the watched places")


def mark(page, name):
    return stage(page).get_by_role("link", name=name)


def active(page):
    """What has the focus, as it is called."""
    return page.evaluate("document.activeElement.getAttribute('aria-label')")


def test_nobody_else_is_asked_for_anything_before_the_button_is_pressed(open_page, site, tiles):
    page = open_page()
    hosts = set()
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.reload(wait_until="networkidle")
    expect(page.get_by_role("button", name="Move and zoom")).to_be_visible()
    expect(page.get_by_text(f"Loads map pictures from {tiles.host.split(':')[0]}")).to_be_visible()

    assert hosts == {f"localhost:{site.port}"}
    assert tiles.asked == []
    assert page.evaluate("typeof L") == "undefined"

    press(page)
    expect(page.locator(".leaflet-tile-loaded").first).to_be_attached()

    assert hosts == {f"localhost:{site.port}", tiles.host}
    assert {headers["Referer"] for _, headers in tiles.asked} == {f"http://localhost:{site.port}/"}
    assert not any("Cookie" in headers for _, headers in tiles.asked)
    assert [one for one in page.context.cookies() if one["name"] != "tracker"] == []


def test_the_other_pages_may_load_nothing_from_there(page, site, tiles):
    tiles.asked.clear()
    page.goto(f"http://localhost:{site.port}/about")
    loaded = page.evaluate(
        """(url) => new Promise((resolve) => {
            const image = new Image();
            addEventListener("securitypolicyviolation", () => resolve(false));
            image.onload = () => resolve(true);
            image.src = url;
        })""",
        f"http://{tiles.host}/1/1/1.png",
    )

    assert loaded is False
    assert tiles.asked == []


def test_marks_are_links_with_name_word_shape_and_the_worst_come_first(open_page):
    page = open_page()
    press(page)

    links = stage(page).locator(".movable-mark a")
    assert links.first.get_attribute("aria-label") == WORST
    assert links.nth(1).get_attribute("aria-label") == "Berlin: Severe"
    expect(mark(page, WORST).locator(".shape-extreme")).to_have_count(1)
    expect(page.get_by_role("link", name="Example")).to_have_attribute(
        "href", "https://example.org/credit"
    )
    shown = page.locator(".movable-shown")
    expect(shown).to_contain_text(re.compile(r"Places shown: \d+ of 10,003, the most severe first"))
    assert 10 < links.count() <= 200


def test_no_two_marks_touch(open_page):
    page = open_page(viewport={"width": 390, "height": 844})
    press(page)
    boxes = page.locator(".movable-mark").evaluate_all(
        "marks => marks.map((mark) => mark.getBoundingClientRect()).map(({x, y}) => [x, y])"
    )

    assert len(boxes) > 5
    assert all(
        max(abs(one[0] - other[0]), abs(one[1] - other[1])) >= 24
        for place, one in enumerate(boxes)
        for other in boxes[:place]
    )
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_keyboard_alone_opens_moves_zooms_and_follows_a_mark(open_page):
    page = open_page()
    page.get_by_role("button", name="Move and zoom").focus()
    page.keyboard.press("Enter")
    expect(mark(page, WORST)).to_be_visible()
    expect(stage(page)).to_be_focused()

    with page.expect_response(re.compile(r"/map/places\?at=")):
        page.keyboard.press("+")
    with page.expect_response(re.compile(r"/map/places\?at=")):
        page.keyboard.press("Shift+ArrowRight")
    expect(stage(page)).to_be_focused()
    for _ in range(3):
        page.keyboard.press("Tab")  # two buttons of the zoom, then the worst mark

    assert active(page) == stage(page).locator(".movable-mark a").first.get_attribute("aria-label")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/places/\d+"))


def test_the_list_below_follows_the_map(open_page):
    page = open_page("/map?at=52.5,13.4&zoom=14", reduced_motion="reduce")
    page.get_by_role("button", name="Move and zoom").click()
    expect(mark(page, "Berlin: Severe")).to_be_visible()
    listed = page.locator("#live")
    expect(listed.get_by_role("link", name="Berlin", exact=True)).to_be_visible()
    for _ in range(5):
        page.keyboard.press("-")
    expect(listed).to_contain_text("Lisbon")


def test_a_mark_keeps_the_focus_when_all_are_drawn_anew(open_page):
    page = open_page("/map?at=52.5,13.4&zoom=8")
    page.get_by_role("button", name="Move and zoom").click()
    mark(page, "Berlin: Severe").focus()
    old = mark(page, "Berlin: Severe").element_handle()
    stage(page).get_by_role("button", name="Zoom in").dispatch_event("click")
    page.wait_for_function("(old) => !old.isConnected", arg=old)

    expect(mark(page, "Berlin: Severe")).to_be_focused()


def test_back_to_the_plain_map(open_page):
    page = open_page()
    press(page)
    expect(page.locator(".map-picture")).to_be_hidden()
    page.get_by_role("button", name="Back to the plain map").click()

    expect(page.locator(".map-picture")).to_be_visible()
    expect(stage(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Move and zoom")).to_be_focused()


@pytest.mark.parametrize("name", sorted(APPEARANCES))
def test_axe_finds_nothing_before_and_after(open_page, name):
    page = open_page(**APPEARANCES[name])
    before = find_violations(page)
    press(page)
    expect(page.locator(".leaflet-tile-loaded").first).to_be_attached()

    assert (before, find_violations(page)) == ([], [])


def test_without_pictures_it_is_said_and_the_places_stay(open_page, tiles):
    tiles.is_down = True
    page = open_page()
    press(page)
    told = page.get_by_text("Map pictures do not come from 127.0.0.1")

    expect(told).to_be_visible()
    expect(mark(page, WORST)).to_be_visible()

    tiles.is_down = False
    stage(page).focus()
    page.keyboard.press("+")
    expect(told).to_be_hidden()


def test_without_an_answer_of_the_site_it_is_said_and_the_marks_stay(open_page):
    page = open_page(service_workers="block")
    press(page)
    page.route("**/map/places*", lambda route: route.abort())
    page.keyboard.press("+")

    expect(page.get_by_text("No contact with this site: the places may")).to_be_visible()
    expect(mark(page, "Berlin: Severe").or_(mark(page, WORST)).first).to_be_attached()


def test_where_the_script_does_not_come_the_drawn_map_stays(open_page):
    page = open_page(service_workers="block")
    page.route("**/leaflet/leaflet*.js", lambda route: route.abort())
    page.get_by_role("button", name="Move and zoom").click()

    expect(page.get_by_text("The map could not be loaded.")).to_be_visible()
    expect(page.locator(".map-picture")).to_be_visible()
    page.unroute("**/leaflet/leaflet*.js")
    press(page)


def test_who_wants_no_motion_sees_none(open_page):
    page = open_page(reduced_motion="reduce")
    press(page)
    stage(page).focus()
    moved = page.evaluate(
        """() => {
            const pane = document.querySelector(".leaflet-map-pane");
            const at = () => pane.style.transform;
            const before = at();
            document.activeElement.dispatchEvent(
              new KeyboardEvent("keydown", {keyCode: 39, which: 39, key: "ArrowRight", bubbles: true}));
            return [before, at(), pane.className];
        }"""
    )

    assert moved[0] != moved[1]  # at once
    assert "leaflet-pan-anim" not in moved[2]
    expect(page.locator(".leaflet-zoom-anim")).to_have_count(0)


def test_without_a_script_the_drawn_map_is_all(open_page):
    page = open_page(java_script_enabled=False)

    expect(page.locator(".map-picture")).to_be_visible()
    expect(page.locator(".movable")).to_be_hidden()
