"""Leaving, for a place or for good: opening a link changes nothing, only a button does."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.factories import NOON, make_place, make_subscription
from tests.pages.markup import read, words
from tests.pages.subscribing import leave_address, never_address, subscribe
from weatherapp.delivery.tokens import LEAVE, make_token
from weatherapp.models import Subscription, Suppression

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_place()


def test_farewell_link_that_is_too_old_offers_a_fresh_one(client, place, queued):
    row = make_subscription(place)
    old = leave_address(row, at=NOON - timedelta(days=401))

    page = client.get(old)
    refused = client.post(old)

    form = read(page.content.decode()).one("form")
    assert (page.status_code, refused.status_code) == (410, 410)
    assert Subscription.objects.get().is_confirmed
    assert "Check your e-mail" in words(client.post(form.attributes["action"]))
    assert Subscription.objects.get().confirmation_due_at == NOON


def test_fresh_link_is_not_mailed_by_opening_an_address_or_forging_one(client, place, queued):
    row = make_subscription(place)
    token = make_token(row, LEAVE, at=NOON)

    assert client.get(f"/subscriptions/{token}/leave-link").status_code == 405
    assert client.post(f"/subscriptions/{token}x/leave-link").status_code == 404
    assert Subscription.objects.get().confirmation_due_at is None


def test_old_farewell_link_of_who_left_offers_nothing(client, place):
    row = make_subscription(place, unsubscribed_at=NOON)

    page = client.get(leave_address(row, at=NOON - timedelta(days=401)))

    assert "Nothing is left to do" in words(page)
    assert read(page.content.decode()).all("button") == []


# Never again


def test_opening_the_link_to_be_left_alone_changes_nothing(client, place):
    row = make_subscription(place)
    page = client.get(never_address(row))
    row.refresh_from_db()

    assert read(page.content.decode()).one("button").text == "Never write to me again"
    assert row.is_confirmed
    assert not Suppression.objects.exists()


def test_button_to_be_left_alone_holds(client, place, queued, settings):
    settings.CONTACT_EMAIL = "operator@example.org"
    row = make_subscription(place)

    page = client.post(never_address(row))
    subscribe(client, make_place(name="Cork"), "reader+again@example.org")

    assert "You will not hear from us again" in words(page)
    assert read(page.content.decode()).all("a", href="mailto:operator@example.org")
    assert Suppression.objects.count() == 1
    assert Subscription.objects.count() == 1
    assert not Subscription.objects.get().is_confirmed


def test_farewell_leads_to_being_left_alone(client, place):
    row = make_subscription(place)

    for page in (client.get(leave_address(row)), client.post(leave_address(row))):
        assert read(page.content.decode()).all("a", href=never_address(row))


def test_opening_the_farewell_link_keeps_the_subscription(client, place):
    row = make_subscription(place)
    page = client.get(leave_address(row))
    row.refresh_from_db()

    assert read(page.content.decode()).one("button").text == "Unsubscribe"
    assert row.is_confirmed


def test_one_click_of_a_mail_program_unsubscribes(place):
    """RFC 8058: a POST without cookies or a form's token."""
    row = make_subscription(place)
    page = Client(enforce_csrf_checks=True).post(
        leave_address(row), {"List-Unsubscribe": "One-Click"}
    )
    row.refresh_from_db()

    assert page.status_code == 200
    assert "You are unsubscribed" in words(page)
    assert row.unsubscribed_at == NOON


def test_unsubscribing_twice_is_no_error(client, place):
    address = leave_address(make_subscription(place))

    for _ in range(2):
        assert client.post(address).status_code == 200
