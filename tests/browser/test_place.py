"""A place's page in the hands of a reader."""

from __future__ import annotations

import pytest


def test_an_address_that_is_wrong_takes_its_writer_back_to_the_field(page):
    page.goto("/places/1/")
    page.get_by_label("E-mail address").fill("nobody")
    page.get_by_role("button", name="Subscribe").click()
    page.get_by_text("Enter a whole address").wait_for()

    assert page.title().startswith("Error: ")
    assert page.evaluate("document.activeElement.id") == "id_email"
    assert page.evaluate("document.activeElement.value") == "nobody"


@pytest.mark.parametrize("width", [320, 390, 2560])
def test_a_place_needs_no_sideways_scroll(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/places/1/")

    assert page.evaluate("document.documentElement.scrollWidth") == width
