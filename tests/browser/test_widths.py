"""Nothing is cut and nothing needs scrolling sideways: small screens, large text, long names."""

from __future__ import annotations

import pytest

from tests.browser.addresses import list_addresses, open_address

LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogochundhernochmalsolang80x"
TOO_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def long_names(demo):
    """A place and a rule whose names have 80 letters and no space."""
    ((place,),) = demo.query("SELECT name FROM weatherapp_place WHERE id = 1")
    ((rule,),) = demo.query("SELECT name FROM weatherapp_rule WHERE id = 1")
    demo.query("UPDATE weatherapp_place SET name = ? WHERE id = 1", LONG)
    demo.query("UPDATE weatherapp_rule SET name = ? WHERE id = 1", LONG)
    yield LONG
    demo.query("UPDATE weatherapp_place SET name = ? WHERE id = 1", place)
    demo.query("UPDATE weatherapp_rule SET name = ? WHERE id = 1", rule)


def find_wide(page, addresses):
    """By how many pixels, by address."""
    found = {}
    for address in addresses:
        open_address(page, address)
        if (too_wide := page.evaluate(TOO_WIDE)) > 0:
            found[address] = too_wide
    return found


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 2560])
def test_no_page_scrolls_sideways(browser, demo, base_url, long_names, width):
    viewport = {"width": width, "height": 800}
    with browser.new_context(base_url=base_url, viewport=viewport) as context:
        assert find_wide(context.new_page(), list_addresses(demo).values()) == {}


def test_nor_with_text_twice_as_large(browser, demo, base_url, long_names):
    """As a browser's own setting makes it: every rem is 32 px."""
    viewport = {"width": 640, "height": 800}
    with browser.new_context(base_url=base_url, viewport=viewport) as context:
        page = context.new_page()
        page.add_init_script(
            "addEventListener('DOMContentLoaded', () => {"
            " const sheet = new CSSStyleSheet(); sheet.replaceSync('html {font-size: 200%}');"
            " document.adoptedStyleSheets.push(sheet); })"
        )
        assert find_wide(page, list_addresses(demo).values()) == {}
