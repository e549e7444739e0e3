"""Pages that were seen are there without a network, and say how old they are; the site works without."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Error

IS_READY = "navigator.serviceWorker.ready.then(() => true)"
KEPT = """async (path) => {
    for (const name of await caches.keys()) {
        if (!name.startsWith('pages-')) continue;
        const found = await (await caches.open(name)).keys();
        if (found.some(({url}) => new URL(url).pathname === path)) return true;
    }
    return false;
}"""
COUNT = """async () => {
    const names = (await caches.keys()).filter((name) => name.startsWith('pages-'));
    return (await (await caches.open(names[0])).keys()).length;
}"""


@pytest.fixture
def reader(browser, base_url):
    """Whose browser's worker has begun to keep pages."""
    with browser.new_context(base_url=base_url, locale="en") as context:
        page = context.new_page()
        page.goto("/help")
        assert page.evaluate(IS_READY)
        see(page, "/help")
        yield page


def see(page, path):
    """Open it, until it is kept."""
    page.goto(path)
    page.wait_for_function(KEPT, arg=path)


def go_offline(page):
    page.context.set_offline(True)


def test_a_page_that_was_seen_says_offline_how_old_it_is(reader):
    see(reader, "/places/1/")
    title = reader.title()
    assert not reader.locator("#offline").is_visible()
    go_offline(reader)

    reader.goto("/places/1/")

    assert reader.title() == title
    assert re.fullmatch(r"Offline: as of \d\d:\d\d", reader.locator("#offline").inner_text())


def test_the_first_page_of_all_is_kept_too(browser, base_url):
    with browser.new_context(base_url=base_url) as context:
        page = context.new_page()
        page.goto("/")

        page.wait_for_function(KEPT, arg="/")


def test_a_page_that_was_never_seen_is_the_offline_page_with_what_is_kept(reader):
    go_offline(reader)

    reader.goto("/places/2/")

    assert reader.get_by_role("heading", level=1).inner_text() == "You are offline"
    reader.get_by_role("link", name="How to read this site").click()
    assert reader.locator("#offline").is_visible()


def test_back_online_a_page_is_new(reader):
    go_offline(reader)
    reader.goto("/help")
    assert reader.locator("#offline").is_visible()

    reader.context.set_offline(False)
    reader.goto("/help")

    assert not reader.locator("#offline").is_visible()


def test_offline_is_said_in_the_language_that_was_chosen(reader):
    reader.goto("/about?lang=fr")
    reader.wait_for_function(KEPT, arg="/about")
    reader.wait_for_function(
        "async () => (await caches.match('/offline')).headers.get('Content-Language') === 'fr'"
    )
    go_offline(reader)

    reader.goto("/places/2/")

    assert reader.locator("html").get_attribute("lang") == "fr"


@pytest.mark.parametrize("path", ["/admin/login/", "/status", "/preferences", "/health"])
def test_what_is_not_to_be_kept_is_not(reader, path):
    reader.goto(path)
    see(reader, "/about")  # the worker has had its time

    assert reader.evaluate(KEPT, path) is False
    go_offline(reader)
    reader.goto(path)
    assert reader.get_by_role("heading", level=1).inner_text() == "You are offline"


def test_what_a_form_sends_is_not_kept_and_fails_as_ever(reader):
    see(reader, "/about")
    go_offline(reader)

    with pytest.raises(Error, match="Failed to fetch"):
        reader.evaluate("fetch('/preferences', {method: 'POST'})")


def test_only_the_last_pages_are_kept(reader):
    for number in range(34):
        reader.goto(f"/about?page={number}")
    reader.wait_for_function(KEPT, arg="/about")

    reader.wait_for_function(f"async () => await ({COUNT})() <= 30")
    assert reader.evaluate(KEPT, "/help") is False


def test_a_new_release_drops_what_the_old_one_kept(reader):
    reader.evaluate("caches.open('pages-old').then((cache) => cache.put('/x', new Response('x')))")
    reader.evaluate("navigator.serviceWorker.getRegistration().then((found) => found.unregister())")
    reader.goto("/help")
    reader.evaluate(IS_READY)

    reader.wait_for_function("async () => !(await caches.keys()).includes('pages-old')")


def test_a_browser_without_workers_shows_the_site_as_ever(browser, base_url):
    with browser.new_context(base_url=base_url, service_workers="block") as context:
        page = context.new_page()
        errors = []
        page.on("pageerror", lambda error: errors.append(error))
        page.goto("/")

        assert page.get_by_role("navigation", name="Site", exact=True).is_visible()
        assert errors == []
