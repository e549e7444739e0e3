"""An open page asks its own address again: which requests those are, and when the answer is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Request

MINUTE_MS = 60_000
# An answer that has come is not yet shown: htmx swaps it, and settles it by a timer.
LISTEN = """() => {
    window.pollSettled = new Promise((resolve) => {
        const look = ({detail}) => {
            if (!detail.pathInfo?.requestPath.includes('version=')) return;
            document.removeEventListener('htmx:afterSettle', look);
            resolve();
        };
        document.addEventListener('htmx:afterSettle', look);
    });
}"""


def is_poll(request: Request) -> bool:
    """Not what an open page asks for besides, as the map that comes into sight."""
    return request.headers.get("hx-request") == "true" and "version=" in request.url


@contextmanager
def shown_answer(page: Page) -> Iterator[None]:
    """At its end the answer to a poll is in the page, with all that its scripts make of it."""
    page.evaluate(LISTEN)
    yield
    page.evaluate("window.pollSettled")
