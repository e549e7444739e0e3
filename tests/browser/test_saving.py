"""A reader searches a place, saves it without an account, finds it again and removes it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def reader(request, browser, base_url):
    with browser.new_context(base_url=base_url, java_script_enabled=request.param) as context:
        yield context.new_page()


def test_a_place_is_searched_saved_found_again_and_removed(reader, demo):
    ((name,),) = demo.query("SELECT name FROM weatherapp_place WHERE id = 2")
    reader.goto("/find")
    reader.get_by_label("Find a place or a city").fill(name)
    reader.get_by_role("button", name="Find", exact=True).click()
    reader.get_by_role("main").get_by_role("link", name=name, exact=True).first.click()
    expect(reader).to_have_url(re.compile("/places/2"))
    assert reader.context.cookies() == []

    reader.get_by_role("button", name="Save this place").click()

    expect(reader).to_have_url(re.compile("/saved$"))
    assert [cookie["name"] for cookie in reader.context.cookies()] == ["places"]
    reader.goto("/")
    expect(reader.get_by_role("region", name="Your places")).to_contain_text(name)

    reader.goto("/saved")
    reader.get_by_role("button", name=f"Remove {name} from your places").click()

    expect(reader.get_by_text("You have saved no place")).to_be_visible()
    reader.goto("/")
    expect(reader.get_by_role("region", name="Your places")).to_have_count(0)
