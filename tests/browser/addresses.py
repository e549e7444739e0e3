"""Every page that readers see, by name; those of a row are found in the demo."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.system.site import Site

FIXED = {
    "home": "/",
    "search": "/?q=jfk",
    "place": "/places/1/",
    "place-2": "/places/2/",
    "card": "/places/1/card",
    "about": "/about",
    "help": "/help",
    "offline": "/offline",
    "feeds": "/feeds/",
    "status": "/status",
    "map": "/map",
    "find": "/find?q=york",
    "saved": "/saved",
    "accuracy": "/accuracy/",
    "accuracy-of-place": "/accuracy/1/",
    "preferences": "/preferences",
    "privacy": "/privacy",
    "not-found": "/no-such-page/",
}


def list_addresses(site: Site) -> dict[str, str]:
    """With one alert of each rule and state that the demo holds."""
    statement = "SELECT min(id) FROM weatherapp_alert GROUP BY rule_id, state"
    alerts = {f"alert-{pk}": f"/alerts/{pk}/" for (pk,) in site.query(statement)}
    assert len(alerts) > 4
    return FIXED | alerts


def open_address(page: Page, address: str) -> None:
    """An error in this site's look must not pass for the page."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == (404 if address == FIXED["not-found"] else 200), address
