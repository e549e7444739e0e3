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
    "official-warning": "/warnings/1/",
    "official-warning-foreign": "/warnings/2/",
    "official-warning-over": "/warnings/3/",
    "not-found": "/no-such-page/",
}

# What operators see in a demo: each list, forms, and what shows no row of a table.
LISTS = tuple(
    f"/admin/weatherapp/{name}/"
    for name in (
        "alert",
        "backtest",
        "blendweight",
        "delivery",
        "officialchange",
        "officialevent",
        "officialmessage",
        "officialwarning",
        "outgoingserver",
        "place",
        "placecalibration",
        "prediction",
        "predictionrequest",
        "reading",
        "rule",
        "scene",
        "scorehistogram",
        "sourceforecast",
        "subscription",
        "suppression",
        "tag",
    )
)
OPERATORS = (
    "/admin/",
    *LISTS,
    "/admin/weatherapp/place/1/change/",
    "/admin/weatherapp/place/add/?city=portland",
    "/admin/weatherapp/place/import/",
    "/admin/weatherapp/rule/1/change/",
    "/admin/weatherapp/rule/add/",
    "/admin/weatherapp/alert/1/change/",
    "/admin/weatherapp/alert/1/mail/",
    "/admin/weatherapp/delivery/mails/",
    "/admin/weatherapp/officialwarning/1/change/",
    "/admin/weatherapp/officialevent/1/change/",
    "/admin/weatherapp/officialmessage/1/change/",
    "/admin/weatherapp/officialchange/1/change/",
    "/admin/weatherapp/outgoingserver/test-mail/",
    "/admin/weatherapp/suppression/address/",
)


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
