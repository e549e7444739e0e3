"""A reader's browser speaks with this site and with nobody else."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.browser.addresses import FIXED

PAGES = (*FIXED.values(), "/alerts/1/", "/admin/login/")


@pytest.fixture
def hosts(page):
    """Whom the browser has asked for something."""
    found = set()
    page.on("request", lambda request: found.add(urlsplit(request.url).netloc))
    return found


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_no_other_host(page, hosts, base_url, address):
    page.goto(address, wait_until="networkidle")

    assert hosts == {urlsplit(base_url).netloc}


def test_a_reader_is_given_no_cookie(page, context):
    for address in ("/", "/places/1/", "/alerts/1/", "/help", "/privacy"):
        page.goto(address)

    assert context.cookies() == []
