"""A test mail goes to who asks for it, by the queue, and the page says how that ended."""

from __future__ import annotations

import smtplib
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import User
from django.core import mail

from tests.admin.acting import log_in_with
from weatherapp import tasks

pytestmark = pytest.mark.django_db

PAGE = "/admin/weatherapp/outgoingserver/test-mail/"


@pytest.fixture
def reachable(operator):
    User.objects.filter(username="operator").update(email="<o>@example.org")
    return operator


@pytest.fixture(autouse=True)
def _results(broker, monkeypatch) -> None:
    """Kept where the queue is."""
    monkeypatch.setenv("REDIS_URL", broker.server.url)


def ask(client) -> str:
    """The name of the try."""
    answer = client.post(PAGE)
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer["Location"]).query)["sent"][0]


def work(broker) -> None:
    """As the worker does what is on its queue."""
    for task, arguments in broker.read_queue("outgoing"):
        assert task == "send_test_mail"
        tasks.send_test_mail(**arguments)


def show(client, name: str) -> str:
    return client.get(PAGE, {"sent": name}).content.decode()


def test_mail_is_queued_then_sent_and_the_page_says_so(reachable, broker):
    name = ask(reachable)
    waiting = show(reachable, name)
    work(broker)
    done = show(reachable, name)

    assert "on the queue" in waiting
    assert f'hx-get="?sent={name}"' in waiting
    assert 'http-equiv="refresh"' in waiting
    assert [one.to for one in mail.outbox] == [["<o>@example.org"]]
    assert "took the mail for &lt;o&gt;@example.org" in done
    assert "hx-get" not in done
    assert 'http-equiv="refresh"' not in done


def test_mail_is_in_the_language_of_who_asks(reachable, broker):
    reachable.post(f"{PAGE}?lang=fr")
    work(broker)

    assert mail.outbox[0].alternatives[0][0].count('lang="fr"') == 1


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (smtplib.SMTPRecipientsRefused({"o": (550, b"<b>no</b>")}), "refused the mail for good"),
        (smtplib.SMTPRecipientsRefused({"o": (450, b"<b>busy</b>")}), "does not take the mail now"),
        (ConnectionRefusedError("<b>nobody</b>"), "could not be worked with"),
    ],
    ids=["refused", "postponed", "no server"],
)
def test_server_that_says_no_is_quoted(reachable, broker, monkeypatch, error, told):
    def refuse(*_):
        raise error

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    name = ask(reachable)
    work(broker)

    text = show(reachable, name)

    assert told in text
    assert "&lt;b&gt;" in text
    assert "<b>" not in text


@pytest.mark.usefixtures("_broker_down")
def test_queue_that_is_down_is_told_of(reachable):
    answer = reachable.post(PAGE, follow=True)

    assert "cannot be reached" in answer.content.decode()
    assert mail.outbox == []
    assert "on the queue" in show(reachable, "0123456789abcdef")


def test_who_has_no_address_cannot_ask(operator, broker):
    assert "no e-mail address" in operator.get(PAGE).content.decode()
    assert operator.post(PAGE).status_code == 200
    assert broker.read_queue("outgoing") == []


def test_test_mail_is_for_who_may_see_the_servers(guest, stranger):
    assert guest.post(PAGE).status_code == 403
    assert stranger.get(PAGE).status_code == 302


def test_list_of_servers_leads_there():
    client = log_in_with("view_outgoingserver")

    assert PAGE in client.get("/admin/weatherapp/outgoingserver/").content.decode()
