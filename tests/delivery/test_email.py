"""Handing a mail to a mail server, with a real one that speaks SMTP."""

from __future__ import annotations

import socket

import pytest
from django.core.mail import EmailMultiAlternatives

from tests.delivery.mail_server import HANG_UP, STAY_SILENT
from weatherapp.delivery.email import MailRefusedError, MailServerError, send_mail


def find_closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def make_mail() -> EmailMultiAlternatives:
    return EmailMultiAlternatives(subject="Rain", body="Soon.", to=["reader@example.org"])


def test_mail_arrives(mail_server):
    send_mail(make_mail())

    (mail,) = mail_server.mails
    assert mail["To"] == "reader@example.org"
    assert mail["Subject"] == "Rain"


@pytest.mark.parametrize("command", ["RCPT", "MAIL TEXT"])
def test_no_to_the_recipient_or_the_text_is_final(mail_server, command):
    mail_server.answers[command] = "550 5.1.1 no such user"

    with pytest.raises(MailRefusedError, match=r"^550 5.1.1 no such user$"):
        send_mail(make_mail())


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        pytest.param("RCPT", "452 mailbox full", id="recipient, for now"),
        pytest.param("MAIL TEXT", "451 try later", id="text, for now"),
        pytest.param("MAIL", "550 sender unknown here", id="our own address"),
        pytest.param("GREETING", "421 too many connections", id="greeting"),
        pytest.param("DATA", HANG_UP, id="hangs up"),
        pytest.param("MAIL TEXT", HANG_UP, id="hangs up without saying yes"),
        pytest.param("MAIL", STAY_SILENT, id="does not answer in time"),
    ],
)
def test_other_troubles_are_worth_another_try(mail_server, command, answer):
    mail_server.answers[command] = answer

    with pytest.raises(MailServerError):
        send_mail(make_mail())

    assert mail_server.mails == []


def test_no_mail_server_is_worth_another_try(mail_server, settings):
    settings.EMAIL_PORT = find_closed_port()

    with pytest.raises(MailServerError, match="ConnectionRefusedError"):
        send_mail(make_mail())


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("500 what?", id="does not know the word"),
        pytest.param("221 " + "so long " * 2000, id="never ends"),
        pytest.param(HANG_UP, id="hangs up"),
        pytest.param(STAY_SILENT, id="stays silent"),
    ],
)
def test_goodbye_that_fails_does_not_make_a_sent_mail_a_failed_one(mail_server, answer):
    mail_server.answers["QUIT"] = answer

    send_mail(make_mail())

    assert len(mail_server.mails) == 1
