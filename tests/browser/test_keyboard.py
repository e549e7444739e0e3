"""Every page by keyboard alone: what is reached, in which order, and whether one sees where one is."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.browser.addresses import list_addresses, open_address

PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
LINE_PX = 4  # boxes whose tops differ by less stand in one line
# Numbers all that a reader can see and press, fill in or open, in the order of the document.
NUMBER = """() => {
    const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary, '
        + '[tabindex]:not([tabindex="-1"])';
    const shown = [...document.querySelectorAll(all)].filter((one) =>
        !one.disabled && one.checkVisibility({visibilityProperty: true}));
    shown.forEach((one, number) => { one.dataset.stop = number; });
    return shown.length;
}"""
# What has the focus: the number, and what hinders seeing it. A mark on the map has a ring of its own.
LOOK = """() => {
    const one = document.activeElement;
    if (one === document.body) return null;
    const [box] = one.getClientRects(), style = getComputedStyle(one);
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    const over = document.elementFromPoint(x, y);
    const ring = one.querySelector('.map-target');
    const [line, width] = ring
        ? [getComputedStyle(ring).stroke, getComputedStyle(ring).strokeWidth]
        : [style.outlineStyle, style.outlineWidth];
    const wrong = [];
    if (line === 'none' || parseFloat(width) < 2) wrong.push('no mark');
    if (box.width < 1 || box.height < 1) wrong.push('has no size');
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) wrong.push('out of view');
    else if (!over || !(one.contains(over) || over.contains(one))) wrong.push('is covered');
    return {
        number: Number(one.dataset.stop ?? -1),
        wrong: wrong.map((word) => `${one.outerHTML.slice(0, 60)}: ${word}`),
        isSkip: one.matches('.skip'),
    };
}"""
# Where each stands on the page; what a map holds stands where the world has it, in no order.
MEASURE = """() => [...document.querySelectorAll('[data-stop]:not(.skip)')]
    .filter((one) => !one.closest('svg, .leaflet-container'))
    .map((one) => {
        const [box] = one.getClientRects();
        const {left, right, top, bottom} = box;
        return {what: one.outerHTML.slice(0, 60), left, right, top, bottom};
    })"""


@pytest.fixture
def reader(browser, base_url):
    # What is kept for the offline page would come into it while it is looked at.
    options = {"viewport": PHONE, "service_workers": "block"}
    with browser.new_context(base_url=base_url, **options) as context:
        yield context.new_page()


def open_whole(page, address):
    """With what comes only when it is scrolled to."""
    open_address(page, address)
    if page.locator("#small-map").count():
        page.wait_for_function("() => window.htmx")
        page.locator("#small-map").scroll_into_view_if_needed()
        page.locator("#small-map svg").first.wait_for()
        page.evaluate("scrollTo(0, 0)")


def tour(page, expected):
    """Presses Tab from the top of the page until the focus leaves it, or begins anew."""
    stops = []
    while len(stops) <= expected:
        page.keyboard.press("Tab")
        stop = page.evaluate(LOOK)
        if stop is None or stop["number"] in {one["number"] for one in stops if one["number"] >= 0}:
            break
        stops.append(stop)
    return stops


def find_faults(stops, expected):
    """What a reader without a mouse would complain of, a line each."""
    reached = [stop["number"] for stop in stops]
    if reached != list(range(expected)):
        yield f"reached {reached} of {expected}"
    for stop in stops:
        yield from stop["wrong"]


def find_leaps(boxes):
    """Where the next stop stands above the last one in its column, or before it in its line."""
    for before, after in pairwise(boxes):
        is_above = after["bottom"] <= before["top"] and after["left"] < before["right"]
        is_level = abs(after["top"] - before["top"]) < LINE_PX
        if is_above or (is_level and after["left"] < before["left"]):
            yield f"back from {before['what']} to {after['what']}"


def test_tab_reaches_all_there_is_to_press_and_each_is_seen(reader, demo):
    found = {}
    for name, address in list_addresses(demo).items():
        open_whole(reader, address)
        expected = reader.evaluate(NUMBER)
        stops = tour(reader, expected)
        faults = [*find_faults(stops, expected)]
        if name != "card" and not (stops and stops[0]["isSkip"]):
            faults.append("the first stop does not lead past the header")
        if faults:
            found[address] = faults

    assert found == {}


def test_the_order_is_that_of_the_eye(reader, demo):
    found = {}
    for address in list_addresses(demo).values():
        open_whole(reader, address)
        reader.evaluate(NUMBER)
        for viewport in (PHONE, DESKTOP):
            reader.set_viewport_size(viewport)
            if leaps := [*find_leaps(reader.evaluate(MEASURE))]:
                found[address, viewport["width"]] = leaps

    assert found == {}


def test_faults_are_found_out(page):
    page.set_content(
        "<p style='height: 9rem'></p><a href=/1>one</a> <a href=/2 style='outline: none'>two</a>"
        "<a href=/3 style='position: absolute; top: 0; left: 20px'>three</a>"
        "<p style='position: fixed; inset: 0; margin: 0; height: 20px; background: red'>over</p>"
        "<button tabindex=1>first</button>"
    )
    expected = page.evaluate(NUMBER)
    faults = " ".join(find_faults(tour(page, expected), expected))

    assert "reached [3, " in faults
    assert "two</a>: no mark" in faults
    assert "is covered" in faults
    assert [*find_leaps(page.evaluate(MEASURE))]
