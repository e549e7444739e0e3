"""The open page of what works asks again by itself, in a real browser before the real site."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.browser.polling import is_poll
from tests.system.site import wait_for

POLL_MS = 31_000
SET = "UPDATE weatherapp_place SET fetch_failures = ? WHERE id = 1"
FAILED = re.compile(r"The last fetch failed at 1 of \d+ places")


@pytest.fixture
def fail_a_fetch(demo):
    """A function after which the last fetch of a place has failed; put right at the end."""
    yield lambda: demo.query(SET, 1)
    demo.query(SET, 0)


@pytest.fixture
def _all_is_well(demo, page):
    """The demo's rows have a source of warnings that is silent: here it is heard, until the end."""
    (was,) = demo.query("SELECT succeeded_at FROM weatherapp_warningsource WHERE id = 2")[0]
    now = datetime.now(UTC).replace(tzinfo=None).isoformat(" ")
    demo.query("UPDATE weatherapp_warningsource SET succeeded_at = ?", now)
    wait_for("all is well", lambda: page.request.get("/health").json()["status"] == "ok", 60)
    yield
    demo.query("UPDATE weatherapp_warningsource SET succeeded_at = ? WHERE id = 2", was)


@pytest.fixture
def ask_again(page, _all_is_well):
    """The open page, and a function that lets it ask until something is so."""
    page.clock.install()
    page.goto("/status")
    page.clock.run_for(1_000)  # htmx comes after the first drawing
    page.wait_for_function("() => window.htmx")

    def ask(what, found):
        def look():
            page.clock.run_for(POLL_MS)
            return found()

        # The site looks at itself every few seconds, not for each reader.
        wait_for(what, look, 30)

    return ask


def test_what_has_turned_is_shown_and_said(page, ask_again, fail_a_fetch):
    before = page.title()
    expect(page.get_by_text(FAILED)).to_have_count(0)
    again = page.get_by_role("link", name="Check again")
    again.focus()
    fail_a_fetch()
    ask_again("the failed fetch is on the page", page.get_by_text(FAILED).count)

    assert page.title() != before
    assert page.title().startswith(page.locator("h1").inner_text())
    assert page.locator("#announcements").inner_text() == page.locator("h1").inner_text()
    expect(again).to_be_focused()


def test_lost_contact_is_said_until_it_is_back(page, ask_again):
    note = page.get_by_text("No contact with this site")
    expect(note).to_be_hidden()

    page.route("**/*", lambda route: route.abort() if is_poll(route.request) else route.continue_())
    ask_again("the page says that it has lost contact", note.is_visible)
    page.unroute("**/*")
    ask_again("the page has contact again", note.is_hidden)
