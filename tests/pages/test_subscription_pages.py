"""Subscribing and leaving: opening a link changes nothing, only a button does."""

from datetime import timedelta

import pytest
from django.test import Client
from kombu.exceptions import OperationalError

from tests.factories import NOON, make_place, make_subscription
from tests.pages.markup import read, words
from weatherapp import tasks
from weatherapp.delivery.subscriptions import make_token
from weatherapp.models import Subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def queued(monkeypatch):
    """What would have been put on the queue."""
    calls = []
    monkeypatch.setattr(tasks.send_mails, "delay", lambda: calls.append("send_mails"))
    return calls


@pytest.fixture
def place():
    return make_place()


def subscribe(client, place, email):
    return client.post(f"/places/{place.pk}/subscribe", {"email": email}, follow=True)


def test_address_is_stored_unconfirmed_and_its_mail_queued(
    client, place, queued, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        page = subscribe(client, place, "reader@example.org")
    row = Subscription.objects.get()

    assert "Check your mail" in words(page)
    assert not row.is_confirmed
    assert queued == ["send_mails"]


def test_known_and_unknown_addresses_get_the_same_answer(client, place, queued):
    make_subscription(place, email="known@example.org")

    known = subscribe(client, place, "known@example.org")
    unknown = subscribe(client, place, "unknown@example.org")

    assert known.content == unknown.content
    assert known.redirect_chain == unknown.redirect_chain


def test_subscription_survives_a_broker_that_is_down(
    client, place, monkeypatch, django_capture_on_commit_callbacks
):
    def refuse():
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.send_mails, "delay", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        page = subscribe(client, place, "reader@example.org")

    assert "Check your mail" in words(page)
    assert Subscription.objects.get().confirmation_due_at == NOON


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("", "Enter the address that alerts should go to."),
        ("nobody", "Enter a whole address, like name@example.org."),
        ("a@b\r\nBcc: c@d.example", "Enter a whole address"),
    ],
)
def test_bad_address_is_refused_on_the_form(client, place, queued, email, message):
    page = subscribe(client, place, email)
    field = read(page.content.decode()).one("input", name="email")

    assert page.status_code == 422
    assert message in words(page)
    assert field.attributes["aria-invalid"] == "true"
    assert field.attributes["aria-describedby"] == "id_email_error"
    assert not Subscription.objects.exists()
    assert queued == []


def test_form_needs_its_token(place):
    page = Client(enforce_csrf_checks=True).post(
        f"/places/{place.pk}/subscribe", {"email": "reader@example.org"}
    )

    assert page.status_code == 403
    assert "The form was too old" in words(page)
    assert not Subscription.objects.exists()


def test_subscribing_is_not_done_by_opening_a_link(client, place):
    assert client.get(f"/places/{place.pk}/subscribe").status_code == 405


def test_opening_the_confirmation_link_confirms_nothing(client, place):
    row = make_subscription(place, confirmed_at=None)
    page = client.get(f"/subscriptions/{make_token(row)}/confirm")
    row.refresh_from_db()

    assert page.status_code == 200
    assert read(page.content.decode()).one("button").text == "Yes, send me alerts"
    assert not row.is_confirmed


def test_button_confirms(client, place):
    row = make_subscription(place, confirmed_at=None)
    page = client.post(f"/subscriptions/{make_token(row)}/confirm")
    row.refresh_from_db()

    assert "You will be told" in words(page)
    assert row.confirmed_at == NOON


def test_confirmed_address_is_not_asked_again(client, place):
    row = make_subscription(place)
    page = client.get(f"/subscriptions/{make_token(row)}/confirm")

    assert "confirmed already" in words(page)
    assert read(page.content.decode()).all("button") == []


def test_confirmation_that_comes_too_late_is_gone(client, place):
    row = make_subscription(place, confirmed_at=None, confirmation_sent_at=NOON - timedelta(days=4))
    page = client.post(f"/subscriptions/{make_token(row)}/confirm")
    row.refresh_from_db()

    assert page.status_code == 410
    assert "This link was valid for 3 days." in words(page)
    assert not row.is_confirmed


def test_opening_the_farewell_link_keeps_the_subscription(client, place):
    row = make_subscription(place)
    page = client.get(f"/subscriptions/{make_token(row)}/unsubscribe")
    row.refresh_from_db()

    assert read(page.content.decode()).one("button").text == "Unsubscribe"
    assert row.is_confirmed


def test_one_click_of_a_mail_program_unsubscribes(place):
    """RFC 8058: a POST without cookies or a form's token."""
    row = make_subscription(place)
    page = Client(enforce_csrf_checks=True).post(
        f"/subscriptions/{make_token(row)}/unsubscribe", {"List-Unsubscribe": "One-Click"}
    )
    row.refresh_from_db()

    assert page.status_code == 200
    assert "You are unsubscribed" in words(page)
    assert row.unsubscribed_at == NOON


def test_unsubscribing_twice_is_no_error(client, place):
    token = make_token(make_subscription(place))

    for _ in range(2):
        assert client.post(f"/subscriptions/{token}/unsubscribe").status_code == 200


@pytest.mark.parametrize("action", ["confirm", "unsubscribe"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_forged_link_is_not_found(client, place, action, method):
    row = make_subscription(place, confirmed_at=None)
    page = getattr(client, method)(f"/subscriptions/{row.pk}:forged/{action}")
    row.refresh_from_db()

    assert page.status_code == 404
    assert "This link does not work" in words(page)
    assert (row.confirmed_at, row.unsubscribed_at) == (None, None)


def test_pages_with_a_token_are_neither_stored_nor_indexed(client, place):
    page = client.get(f"/subscriptions/{make_token(make_subscription(place))}/unsubscribe")

    assert "no-store" in page["Cache-Control"]
    assert read(page.content.decode()).one("meta", name="robots").attributes["content"] == "noindex"


def test_address_is_on_no_page(client, place):
    row = make_subscription(place, email="secret@example.org")

    for action in ("confirm", "unsubscribe"):
        assert (
            "secret@"
            not in client.get(f"/subscriptions/{make_token(row)}/{action}").content.decode()
        )
