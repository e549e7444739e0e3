"""axe-core finds nothing on any page: phone and desktop, light, dark and forced colours."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.browser.addresses import OPERATORS, list_addresses, open_address
from tests.browser.axe import find_violations

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
APPEARANCES = {
    "phone, light": {"viewport": PHONE, "color_scheme": "light"},
    "phone, dark": {"viewport": PHONE, "color_scheme": "dark"},
    "desktop, light": {"viewport": DESKTOP, "color_scheme": "light"},
    "desktop, dark": {"viewport": DESKTOP, "color_scheme": "dark"},
    "forced colours": {"viewport": DESKTOP, "forced_colors": "active"},
}
PATIENCE_MS = 120_000  # a busy machine is no failure


@pytest.fixture(params=sorted(APPEARANCES))
def appearance(request):
    return APPEARANCES[request.param]


@pytest.fixture
def reader(browser, base_url, appearance):
    with browser.new_context(base_url=base_url, **appearance) as context:
        yield context.new_page()


@pytest.fixture
def operator(browser, base_url, appearance, staff_state):
    with browser.new_context(base_url=base_url, storage_state=staff_state, **appearance) as context:
        yield context.new_page()


@pytest.fixture(scope="session")
def finished_try(browser, base_url, staff_state):
    """The address of a rule's try on the past, with its result."""
    with browser.new_context(base_url=base_url, storage_state=staff_state) as context:
        page = context.new_page()
        page.goto("/admin/weatherapp/rule/2/change/")
        page.get_by_role("button", name="Try it on the past").click()
        page.get_by_role("button", name="Begin").click()
        page.get_by_text("How it would have done").wait_for(timeout=PATIENCE_MS)
        return urlsplit(page.url).path


def judge(page, addresses):
    """What is wrong, by address."""
    found = {}
    for address in addresses:
        open_address(page, address)
        if violations := find_violations(page):
            found[address] = violations
    return found


def test_readers_pages_have_no_violation(reader, demo):
    assert judge(reader, list_addresses(demo).values()) == {}


def test_operators_pages_have_no_violation(operator, finished_try):
    assert judge(operator, [*OPERATORS, finished_try]) == {}


def test_the_door_to_a_try_has_no_violation(operator):
    operator.goto("/admin/weatherapp/rule/2/change/")
    operator.get_by_role("button", name="Try it on the past").click()

    assert find_violations(operator) == []


def test_a_page_that_is_wrong_is_found_out(page):
    page.set_content("<img src=x><p style='color: #ddd; background: #fff'>pale</p>")

    found = " ".join(find_violations(page))

    assert "image-alt" in found
    assert "color-contrast" in found
