"""Subscribing: opening a link changes nothing, only a button does."""

from datetime import timedelta

import pytest
from django.test import Client
from kombu.exceptions import OperationalError

from tests.factories import NOON, make_place, make_subscription
from tests.pages.markup import read, words
from tests.pages.subscribing import confirm_address, leave_address, never_address, subscribe
from weatherapp import tasks
from weatherapp.delivery import suppressions
from weatherapp.delivery.addresses import parse_address
from weatherapp.models import Subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_place()


def test_address_is_stored_unconfirmed_and_its_mail_queued(
    client, place, queued, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        page = subscribe(client, place, "reader@example.org")
    row = Subscription.objects.get()

    assert "Check your e-mail" in words(page)
    assert not row.is_confirmed
    assert queued == ["send_mails"]


def test_every_address_gets_the_same_answer(client, place, queued, settings):
    settings.SUBSCRIBE_ADDRESS_HOUR = 1
    make_subscription(place, email="known@example.org")
    make_subscription(place, email="left@example.org", unsubscribed_at=NOON)
    make_subscription(make_place(name="Cork"), email="elsewhere@example.org")
    suppressions.suppress(parse_address("never@example.org"), now=NOON)

    pages = [
        subscribe(client, place, email)
        for email in (
            "unknown@example.org",
            "unknown+over-its-limit@example.org",
            "known@example.org",
            "KNOWN@EXAMPLE.org",
            "known@\uff45xample.org",
            "left@example.org",
            "elsewhere@example.org",
            "never@example.org",
        )
    ]

    assert {page.status_code for page in pages} == {200}
    assert len({page.content for page in pages}) == 1
    assert len({str(page.redirect_chain) for page in pages}) == 1
    assert Subscription.objects.filter(place=place, email_key="known@example.org").count() == 1
    assert not Subscription.objects.filter(email_key__startswith="never").exists()


@pytest.mark.parametrize("known", [True, False], ids=["subscribed", "not"])
@pytest.mark.parametrize("trick", ["v\u0131ctim", "V\u0130CTIM", "vict\u0456m", "\uff56ictim"])
def test_look_alikes_neither_block_nor_test_an_address(client, place, queued, trick, known):
    if known:
        make_subscription(place, email="victim@example.org")

    page = subscribe(client, place, f"{trick}@example.org")

    assert page.status_code == 422
    assert "only the letters a to z without accents" in words(page)
    assert Subscription.objects.count() == known
    subscribe(client, place, "victim@example.org")
    assert Subscription.objects.count() == 1


def test_subscription_survives_a_broker_that_is_down(
    client, place, monkeypatch, django_capture_on_commit_callbacks
):
    def refuse():
        raise OperationalError("connection refused")

    monkeypatch.setattr(tasks.send_mails, "delay", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        page = subscribe(client, place, "reader@example.org")

    assert "Check your e-mail" in words(page)
    assert Subscription.objects.get().confirmation_due_at == NOON


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("", "Enter the address that alerts should go to."),
        ("nobody", "Enter a whole address, like name@example.org."),
        ("a@b\r\nBcc: c@d.example", "Enter a whole address"),
        ("a\x00@example.org", "Enter a whole address"),
        ("a@xn--ü.com", "Enter a whole address"),
        ("a@\u202eexample.org", "Enter a whole address"),
        ("\ufffd@example.org", "only the letters a to z without accents"),
        ("a@" + "İ." * 60 + "org", "longer than mail servers accept"),
        ("a@" + "ü" * 60 + ".org", "longer than mail servers accept"),
        ("a" * 300 + "@example.org", "longer than mail servers accept"),
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
    assert "The form has expired" in words(page)
    assert not Subscription.objects.exists()


def test_subscribing_is_not_done_by_opening_a_link(client, place):
    assert client.get(f"/places/{place.pk}/subscribe").status_code == 303
    assert not Subscription.objects.exists()


def test_opening_the_confirmation_link_confirms_nothing(client, place):
    row = make_subscription(place, confirmed_at=None)
    page = client.get(confirm_address(row))
    row.refresh_from_db()

    assert page.status_code == 200
    assert read(page.content.decode()).one("button").text == "Yes, send me alerts"
    assert not row.is_confirmed


def test_button_confirms(client, place):
    row = make_subscription(place, confirmed_at=None)
    page = client.post(confirm_address(row))
    row.refresh_from_db()

    assert "You are subscribed" in words(page)
    assert row.confirmed_at == NOON


def test_confirmed_address_is_not_asked_again(client, place):
    row = make_subscription(place)
    page = client.get(confirm_address(row))

    assert "confirmed already" in words(page)
    assert read(page.content.decode()).all("button") == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_confirmation_that_comes_too_late_is_gone(client, place, method):
    row = make_subscription(place, confirmed_at=None)
    page = getattr(client, method)(confirm_address(row, at=NOON - timedelta(days=4)))
    row.refresh_from_db()

    assert page.status_code == 410
    assert "This link was valid for 3 days." in words(page)
    assert read(page.content.decode()).all("button") == []
    assert read(page.content.decode()).all("a", href=f"{place.get_absolute_url()}#subscribe-title")
    assert not row.is_confirmed


def test_old_mail_brings_nobody_back(client, place, queued):
    """Subscribe, confirm, leave, and open the first mail again."""
    subscribe(client, place, "reader@example.org")
    row = Subscription.objects.get()
    link, farewell = confirm_address(row), leave_address(row)
    client.post(link)
    row.refresh_from_db()
    assert row.is_confirmed
    client.post(farewell)

    pages = [client.get(link), client.post(link)]

    assert [page.status_code for page in pages] == [410, 410]
    assert all("an old e-mail brings nobody back" in words(page) for page in pages)
    assert all(read(page.content.decode()).all("button") == [] for page in pages)
    assert not Subscription.objects.get().is_confirmed

    subscribe(client, place, "reader@example.org")
    row.refresh_from_db()
    client.post(confirm_address(row))
    assert Subscription.objects.get().is_confirmed
    assert client.post(farewell).status_code == 200


@pytest.mark.parametrize("action", ["confirm", "unsubscribe", "never-again"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_forged_link_is_not_found(client, place, action, method):
    row = make_subscription(place, confirmed_at=None)
    page = getattr(client, method)(f"/subscriptions/{row.pk}:forged/{action}")
    row.refresh_from_db()

    assert page.status_code == 404
    assert "This link does not work" in words(page)
    assert (row.confirmed_at, row.unsubscribed_at) == (None, None)


def test_pages_with_a_token_are_neither_stored_nor_indexed(client, place):
    page = client.get(leave_address(make_subscription(place)))

    assert "no-store" in page["Cache-Control"]
    assert read(page.content.decode()).one("meta", name="robots").attributes["content"] == "noindex"


def test_address_is_on_no_page(client, place):
    row = make_subscription(place, email="secret@example.org")

    for address in (confirm_address(row), leave_address(row), never_address(row)):
        assert "secret@" not in client.get(address).content.decode()
