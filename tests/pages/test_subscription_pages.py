"""Subscribing and leaving: opening a link changes nothing, only a button does."""

from collections import Counter
from datetime import timedelta

import pytest
from django.test import Client
from kombu.exceptions import OperationalError

from tests.factories import NOON, make_place, make_subscription
from tests.pages.markup import read, words
from weatherapp import tasks
from weatherapp.delivery import suppressions
from weatherapp.delivery.addresses import parse_address
from weatherapp.delivery.tokens import CONFIRM, LEAVE, NEVER_AGAIN, make_token
from weatherapp.models import Subscription, Suppression

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


def subscribe(client, place, email, *, follow=True, **headers):
    address = f"/places/{place.pk}/subscribe"
    return client.post(address, {"email": email}, follow=follow, headers=headers)


def confirm_address(row, *, at=NOON):
    return f"/subscriptions/{make_token(row, CONFIRM, at=at)}/confirm"


def leave_address(row, *, at=NOON):
    return f"/subscriptions/{make_token(row, LEAVE, at=at)}/unsubscribe"


def never_address(row, *, at=NOON):
    return f"/subscriptions/{make_token(row, NEVER_AGAIN, at=at)}/never-again"


def test_address_is_stored_unconfirmed_and_its_mail_queued(
    client, place, queued, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        page = subscribe(client, place, "reader@example.org")
    row = Subscription.objects.get()

    assert "Check your mail" in words(page)
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

    assert "Check your mail" in words(page)
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
    assert "The form was too old" in words(page)
    assert not Subscription.objects.exists()


def test_subscribing_is_not_done_by_opening_a_link(client, place):
    assert client.get(f"/places/{place.pk}/subscribe").status_code == 405


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

    assert "You will be told" in words(page)
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
    assert read(page.content.decode()).all("a", href=f"/places/{place.pk}/#subscribe-title")
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
    assert all("an old mail brings nobody back" in words(page) for page in pages)
    assert all(read(page.content.decode()).all("button") == [] for page in pages)
    assert not Subscription.objects.get().is_confirmed

    subscribe(client, place, "reader@example.org")
    row.refresh_from_db()
    client.post(confirm_address(row))
    assert Subscription.objects.get().is_confirmed
    assert client.post(farewell).status_code == 200


def test_farewell_link_that_is_too_old_offers_a_fresh_one(client, place, queued):
    row = make_subscription(place)
    old = leave_address(row, at=NOON - timedelta(days=401))

    page = client.get(old)
    refused = client.post(old)

    form = read(page.content.decode()).one("form")
    assert (page.status_code, refused.status_code) == (410, 410)
    assert Subscription.objects.get().is_confirmed
    assert "Check your mail" in words(client.post(form.attributes["action"]))
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


# Limits


FLOOD = [f"victim+{number}@example.org" for number in range(200)]


def test_two_hundred_aliases_from_one_client_cause_a_handful_of_mails(
    client, place, queued, settings
):
    answers = Counter(subscribe(client, place, email, follow=False).status_code for email in FLOOD)

    allowed = settings.SUBSCRIBE_CLIENT_HOUR
    assert answers == {302: allowed, 429: len(FLOOD) - allowed}
    assert Subscription.objects.count() == settings.SUBSCRIBE_ADDRESS_HOUR


def test_two_hundred_aliases_from_many_clients_cause_a_handful_of_mails(
    client, place, queued, settings
):
    settings.PROXY_HOPS = 1

    for number, email in enumerate(FLOOD):
        client_address = f"198.51.100.{number}"
        page = subscribe(client, place, email, follow=False, x_forwarded_for=client_address)
        assert page.headers["Location"] == f"/places/{place.pk}/subscribed"

    assert Subscription.objects.count() == settings.SUBSCRIBE_ADDRESS_HOUR


def test_client_that_asks_too_often_is_told_when_to_ask_again(client, place, queued, settings):
    settings.SUBSCRIBE_CLIENT_HOUR = 2
    for number in range(2):
        subscribe(client, place, f"reader-{number}@example.org")

    page = subscribe(client, place, "another@example.org")

    assert page.status_code == 429
    assert page["Retry-After"] == "1800"
    assert "Please try again in 30 minutes." in words(page)
    assert not Subscription.objects.filter(email_key="another@example.org").exists()


def test_flood_from_many_clients_ends_at_the_sites_limit(client, place, queued, settings):
    settings.PROXY_HOPS, settings.SUBSCRIBE_SITE_HOUR = 1, 7

    for number in range(30):
        page = subscribe(
            client, place, f"reader@{number}.example", x_forwarded_for=f"198.51.100.{number}"
        )

    assert page.status_code == 429
    assert Subscription.objects.count() == 7


@pytest.mark.parametrize("who", ["known@example.org", "unknown@example.org"])
def test_limits_of_client_and_site_say_nothing_about_an_address(
    client, place, queued, settings, who
):
    settings.SUBSCRIBE_CLIENT_HOUR = 1
    make_subscription(place, email="known@example.org")

    assert [subscribe(client, place, who).status_code for _ in range(2)] == [200, 429]


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
