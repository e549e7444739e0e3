"""French, and other units: by choice, then as the browser says."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.addresses import list_addresses, open_address
from tests.browser.axe import find_violations

COLOUR_RULES = ("color-contrast", "link-in-text-block")


@pytest.fixture
def french(browser, base_url):
    with browser.new_context(base_url=base_url, locale="fr-FR") as context:
        yield context.new_page()


def test_a_french_browser_gets_french_pages(french):
    french.goto("/")

    expect(french.locator("html")).to_have_attribute("lang", "fr")
    expect(french.get_by_role("link", name="Lieux", exact=True)).to_be_visible()


def judge(page):
    """Light and forced colours by all rules; dark, which changes only colours, by those on colours."""
    page.emulate_media(color_scheme="light", forced_colors="none")
    yield from find_violations(page)
    page.emulate_media(color_scheme="dark")
    yield from find_violations(page, *COLOUR_RULES)
    page.emulate_media(forced_colors="active")
    yield from find_violations(page)


def test_french_pages_have_no_violation_in_light_dark_and_forced_colours(french, demo):
    found = {}
    for address in list_addresses(demo).values():
        open_address(french, address)
        if violations := list(judge(french)):
            found[address] = violations
    assert found == {}


def test_pale_text_is_found_out_in_dark_alone(page):
    page.set_content("<style>@media (prefers-color-scheme: dark) {p {color: #ddd}}</style><p>Pale")

    assert "color-contrast" in " ".join(judge(page))


def test_the_language_is_chosen_by_its_own_name_and_stays(page):
    page.goto("/places/1/")
    page.get_by_role("link", name="Français").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")

    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_american_units_are_chosen_and_stay(page):
    page.goto("/preferences?next=/places/1/")
    page.get_by_label("Units", exact=True).select_option("us")
    page.get_by_role("button", name="Save").click()

    expect(page.locator("main")).to_contain_text("°F")
    expect(page.locator("main")).not_to_contain_text("°C")
