"""The privacy page says what is true on this site."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOON, make_place, make_subscription
from tests.pages.markup import read, words
from weatherapp.delivery.tokens import CONFIRM, make_token

pytestmark = pytest.mark.django_db


def test_page_says_the_times_that_hold(client, settings):
    settings.KEEP_UNCONFIRMED = timedelta(days=5)
    settings.KEEP_UNSUBSCRIBED = timedelta(days=1)
    settings.KEEP_DELIVERIES = timedelta(days=77)

    page = words(client.get("/privacy"))

    assert "never confirmed 5 days; the link in the mail works for 3 of them" in page
    assert "An address that left 1 day more" in page
    assert "What was sent, and errors 77 days" in page
    assert "a link to unsubscribe, which works for 400 days" in page


def test_page_names_whom_to_ask(client, settings):
    settings.CONTACT_EMAIL = "operator@example.org"

    page = client.get("/privacy")

    assert read(page.content.decode()).one("a", href="mailto:operator@example.org")


def test_page_stands_without_anybody_to_name(client):
    assert "Write to whoever runs this site" in words(client.get("/privacy"))


def test_every_page_leads_to_it(client):
    assert read(client.get("/").content.decode()).one("a", href="/privacy")


def test_readers_get_the_one_cookie_that_the_page_names(client):
    client.get("/")
    client.get("/privacy")
    place = make_place()
    client.get(f"/places/{place.pk}/")
    assert client.cookies == {}

    row = make_subscription(place, confirmed_at=None)
    client.get(f"/subscriptions/{make_token(row, CONFIRM, at=NOON)}/confirm")
    assert set(client.cookies) == {"csrftoken"}
