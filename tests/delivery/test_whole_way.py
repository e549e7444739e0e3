"""The links of the mails that a real mail server got: subscribe, confirm, leave, and no way back."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from tests.delivery.sending import send_batch
from tests.factories import make_alert, make_place, make_rule
from weatherapp import tasks
from weatherapp.delivery import confirmations, outbox
from weatherapp.models import Place, Subscription

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(monkeypatch) -> Place:
    """Nothing is queued: the tests do the worker's part."""
    monkeypatch.setattr(tasks.send_mails, "delay", lambda **kwargs: None)
    return make_place()


def ask(client, place: Place, email: str, mail_server):
    """The mail that asks to confirm."""
    client.post(f"/places/{place.pk}/subscribe", {"email": email})
    send_batch(now=timezone.now())
    return mail_server.mails.pop()


def tell(place: Place, mail_server) -> list:
    """The mails about a new alert."""
    change = make_alert(make_rule(place), raised_at=timezone.now()).changes.get()
    outbox.enqueue([change.pk], now=timezone.now())
    send_batch(now=timezone.now())
    return mail_server.mails


def link_in(mail, word: str) -> str:
    text = mail.get_body(("plain",)).get_content()
    (path,) = re.findall(rf"http://testserver(/subscriptions/\S+/{word})", text)
    return path


def test_who_left_gets_nothing_and_the_first_mail_brings_nobody_back(client, place, mail_server):
    confirm = link_in(ask(client, place, "Jane@Bücher.example", mail_server), "confirm")
    assert client.post(confirm).status_code == 200
    (mail,) = tell(place, mail_server)
    assert mail["To"] == "Jane@xn--bcher-kva.example"

    leave = link_in(mail, "unsubscribe")
    assert client.post(leave).status_code == 200
    mail_server.mails.clear()

    assert client.post(confirm).status_code == 410
    assert tell(place, mail_server) == []

    again = link_in(ask(client, place, "jane@bücher.example", mail_server), "confirm")
    assert client.post(again).status_code == 200
    assert Subscription.objects.get().is_confirmed


def test_who_never_wants_to_hear_again_does_not(client, place, mail_server):
    never = link_in(ask(client, place, "jane@example.org", mail_server), "never-again")
    assert client.post(never).status_code == 200

    for alias in ("jane@example.org", "JANE+x@example.org"):
        client.post(f"/places/{place.pk}/subscribe", {"email": alias})

    assert confirmations.due(now=timezone.now(), has_failed=False, limit=10) == []
    assert tell(place, mail_server) == []
