"""A newcomer reads: from the first page to an alert and back, with and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def reader(request, browser, base_url):
    with browser.new_context(base_url=base_url, java_script_enabled=request.param) as context:
        yield context.new_page()


def test_a_newcomer_comes_from_home_to_an_alert_and_what_to_do(reader):
    reader.goto("/")
    expect(reader.get_by_role("heading", level=1)).to_be_visible()

    reader.locator("a[href*='/alerts/']").first.click()

    expect(reader).to_have_url(re.compile(r"/alerts/\d+"))
    expect(reader.get_by_role("heading", name="What to do")).to_be_visible()


def test_back_and_forward_lead_where_one_was(reader):
    reader.goto("/")
    title = reader.title()
    reader.locator("main a[href*='/places/']").first.click()
    expect(reader).to_have_url(re.compile(r"/places/\d+"))
    place = reader.title()

    reader.go_back()
    expect(reader).to_have_title(title)
    reader.go_forward()
    expect(reader).to_have_title(place)


def test_by_keyboard_alone_the_first_stop_leads_past_the_header(page):
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('main') !== null")
