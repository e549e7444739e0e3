"""Update forecast: the waiting page ends by itself, keeps the focus, and says so in its title."""

from __future__ import annotations

import re

from playwright.sync_api import expect

ASKED_S = 120_000  # the predictor may be loading


def test_a_forecast_is_updated_while_one_waits(page, demo):
    demo.query(
        "UPDATE weatherapp_prediction SET window_end_at = datetime(window_end_at, '-1 hour'), "
        "answered_at = datetime(answered_at, '-1 second')"
    )
    page.goto("/places/1/")
    page.get_by_role("button", name="Update forecast").click()

    expect(page).to_have_url(re.compile("/predictions/"))
    expect(page.get_by_text("In the queue")).to_have_count(0, timeout=ASKED_S)
    assert "queue" not in page.title()
