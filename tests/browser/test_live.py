"""An open page that is asked again: titles, voices and focus, in a real browser.

The site's own answers, but for what a test adds to them; the clock is the test's.
"""

from __future__ import annotations

import re

import pytest

from tests.browser.polling import MINUTE_MS, is_poll, shown_answer

NEW = (
    '<p id="announcements" hx-swap-oob="innerHTML">'
    '<span data-new-alerts="2">New alert: Gale, JFK, Moderate.</span></p>'
)
URGENT = (
    '<p id="urgent-announcements" hx-swap-oob="innerHTML">'
    '<span data-new-alerts="1">New alert: Storm, JFK, Severe.</span></p>'
)
HIDE = """(state) => {
    Object.defineProperty(document, 'visibilityState', {value: state, configurable: true});
    document.dispatchEvent(new Event('visibilitychange'));
}"""


@pytest.fixture
def polled(page):
    """`polled(address, more)`: a function that has the open page ask again, and adds to the answer."""

    def open_page(address):
        page.clock.install()
        page.goto(address)
        page.clock.run_for(1_000)  # htmx comes after the first drawing
        page.wait_for_function("() => window.htmx")
        return ask_again

    def ask_again(more="", *, title=""):
        def answer(route):
            if not is_poll(route.request):
                route.continue_()
                return
            plain = route.request.url.partition("&version=")[0]
            body = route.fetch(url=plain).text()
            if title:
                body = f"<title>{title}</title>" + body.partition("</title>")[2]
            route.fulfill(status=200, content_type="text/html", body=body + more)

        page.route("**/*", answer)
        with shown_answer(page):
            page.clock.run_for(MINUTE_MS + 1_000)
        page.unroute("**/*")

    return open_page


@pytest.fixture(params=["/", "/places/1/"])
def address(request):
    return request.param


def test_title_follows_the_page(page, polled, address):
    ask_again = polled(address)
    ask_again(title="2 alerts are active, says the site")

    assert page.title() == "2 alerts are active, says the site"


def test_new_alerts_are_counted_in_the_title_until_somebody_looks(page, polled, address):
    ask_again = polled(address)
    before = page.title()
    page.evaluate(HIDE, "hidden")
    ask_again(NEW)
    once = page.title()
    ask_again(URGENT)
    twice = page.title()
    ask_again()
    still = page.title()
    page.evaluate(HIDE, "visible")

    bare = re.sub(
        r"^\(\d+\) ", "", before
    )  # the site's own number makes way for that of what is new
    assert (once, twice, still) == (f"(2) {bare}", f"(3) {bare}", f"(3) {bare}")
    assert page.title() == before


def test_who_looks_already_is_not_counted_at(page, polled, address):
    ask_again = polled(address)
    before = page.title()
    ask_again(NEW)

    assert page.title() == before


def test_what_is_urgent_and_what_is_not_have_a_voice_each(page, polled, address):
    ask_again = polled(address)
    silent = page.locator("#announcements, #urgent-announcements").all_inner_texts()
    ask_again(NEW + URGENT)

    assert silent == ["", ""]
    assert page.locator("#announcements").inner_text() == "New alert: Gale, JFK, Moderate."
    assert page.locator("#urgent-announcements").inner_text() == "New alert: Storm, JFK, Severe."


@pytest.mark.parametrize("link", ["first", "last"])
def test_focus_stays_on_its_link(page, polled, link):
    ask_again = polled("/")
    wanted = getattr(page.locator("#live a[href^='/alerts/']"), link)
    wanted.focus()
    leads = wanted.get_attribute("href")
    ask_again()

    assert page.evaluate("document.activeElement.getAttribute('href')") == leads


def test_focus_of_what_is_gone_stays_in_the_content(page, polled):
    ask_again = polled("/")
    page.evaluate(
        "document.getElementById('live').insertAdjacentHTML("
        "'beforeend', '<a href=\"/alerts/999/\" class=gone>gone</a>')"
    )
    page.locator("a.gone").focus()
    ask_again()

    assert page.evaluate("document.activeElement.id") == "content"


def test_focus_stays_on_the_maps_link_when_the_map_comes(page):
    page.goto("/")
    page.locator("#small-map a").focus()
    page.locator("#small-map svg").first.wait_for()
    page.wait_for_function("() => !document.querySelector('.htmx-settling, .htmx-swapping')")

    assert page.evaluate("document.activeElement.getAttribute('href')") == "/map"


def test_an_alerts_chart_keeps_its_open_table_and_focus(page, polled, open_alert):
    ask_again = polled(open_alert)
    summary = page.locator("summary").first
    summary.focus()
    summary.press("Enter")
    known = page.evaluate("document.activeElement.id")
    ask_again()

    assert page.evaluate("document.activeElement.id") == known
    assert page.locator("details").first.get_attribute("open") is not None


@pytest.mark.parametrize("scale", [1, 2])
def test_an_alert_fits_a_narrow_screen_with_large_text(page, open_alert, scale):
    page.set_viewport_size({"width": 320, "height": 800})
    page.goto(open_alert)
    page.evaluate(f"document.documentElement.style.fontSize = '{scale * 100}%'")

    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.evaluate(OVERLAPS) == []


# Labels of the hours that lie on each other.
OVERLAPS = """() => [...document.querySelectorAll('.seen-chart svg')].flatMap((chart) => {
    const boxes = [...chart.querySelectorAll('.tick')]
        .map((tick) => tick.getBoundingClientRect()).filter((box) => box.width);
    return boxes.slice(1).filter((box, index) => box.left < boxes[index].right)
        .map((box) => box.left);
})"""


@pytest.fixture
def open_alert(demo):
    """The address of one that is active, with a chart."""
    found = demo.query("SELECT min(id) FROM weatherapp_alert WHERE state = 'FIRING'")
    return f"/alerts/{found[0][0]}/"
