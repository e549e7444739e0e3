"""Operators' pages on a phone and on a desktop, in French and in dark: whole, and without violation."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.addresses import LISTS, OPERATORS, open_address
from tests.browser.axe import find_violations

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
# A list scrolls within its own frame where even broken words leave it too wide.
CUT = """() => [...document.querySelectorAll('#changelist .results')]
    .some(list => list.scrollWidth > list.clientWidth)"""


@pytest.fixture
def open_browser(browser, base_url, staff_state):
    """A page of an operator who has logged in, as the options of a context say."""
    contexts = []

    def open_page(**options):
        context = browser.new_context(base_url=base_url, storage_state=staff_state, **options)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_french_pages_have_no_violation_in_dark(open_browser, viewport):
    page = open_browser(viewport=viewport, locale="fr-FR", color_scheme="dark")

    found = {}
    for address in OPERATORS:
        open_address(page, address)
        assert page.locator("html").get_attribute("lang") == "fr", address
        if violations := find_violations(page):
            found[address] = violations

    assert found == {}


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_no_page_scrolls_sideways(open_browser, width):
    page = open_browser(viewport={"width": width, "height": 800}, locale="fr-FR")

    found = {}
    for address in OPERATORS:
        open_address(page, address)
        if (too_wide := page.evaluate(TOO_WIDE)) > 0:
            found[address] = too_wide

    assert found == {}


@pytest.mark.parametrize("language", ["en-GB", "fr-FR"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_no_list_is_cut(open_browser, viewport, language):
    page = open_browser(viewport=viewport, locale=language)

    cut = []
    for address in LISTS:
        open_address(page, address)
        if page.evaluate(CUT):
            cut.append(address)

    assert cut == []


def test_on_a_phone_a_row_says_what_its_values_are(open_browser):
    page = open_browser(viewport=PHONE, locale="en-GB")
    page.goto("/admin/weatherapp/place/")

    cell = page.locator("#result_list tbody .field-last_fetch").first

    heading = cell.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert heading == '"Last fetch"'


def test_the_mail_stands_in_its_frame(open_browser):
    page = open_browser(viewport=PHONE, locale="en-GB")
    page.goto("/admin/weatherapp/alert/1/mail/")

    frames = page.locator("iframe.mail-frame")

    assert frames.count() == 2
    for number in range(2):
        heading = frames.nth(number).content_frame.locator("h1")
        expect(heading).to_be_visible()
        assert heading.bounding_box()["height"] > 0


def test_the_page_to_log_in_has_no_violation(browser, base_url):
    with browser.new_context(base_url=base_url, viewport=PHONE, locale="fr-FR") as context:
        page = context.new_page()
        page.goto("/admin/login/")

        assert find_violations(page) == []
