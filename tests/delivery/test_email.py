"""Handing mails to a mail server, with a real one that speaks SMTP."""

from __future__ import annotations

import signal
import socket
from contextlib import contextmanager

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMultiAlternatives

from tests.delivery.mail_server import DRIP, HANG_UP, STAY_SILENT
from weatherapp.delivery.email import (
    MailPostponedError,
    MailRefusedError,
    MailServerError,
    MailSession,
)


def find_closed_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def make_mail(to: str = "reader@example.org") -> EmailMultiAlternatives:
    return EmailMultiAlternatives(subject="Rain", body="Soon.", to=[to])


def send(*mails: EmailMultiAlternatives) -> None:
    with MailSession() as session:
        for mail in mails or [make_mail()]:
            session.send(mail)


@contextmanager
def time_limit(seconds: float):
    """Celery's soft one, as it arrives in the worker's child: by a signal."""

    def cut_off(number, frame):
        raise SoftTimeLimitExceeded

    before = signal.signal(signal.SIGALRM, cut_off)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_mail_arrives(mail_server):
    send()

    (mail,) = mail_server.mails
    assert mail["To"] == "reader@example.org"
    assert mail["Subject"] == "Rain"


def test_mails_share_a_connection(mail_server):
    send(*[make_mail(f"reader-{number}@example.org") for number in range(5)])

    assert len(mail_server.mails) == 5
    assert mail_server.connections == 1


@pytest.mark.parametrize("command", ["RCPT", "MAIL TEXT", "DATA"])
def test_no_to_the_recipient_or_the_text_is_final(mail_server, command):
    mail_server.answers[command] = "550 5.1.1 no such user"

    with pytest.raises(MailRefusedError, match=r"^550 5.1.1 no such user$") as refusal:
        send()

    assert refusal.value.is_of_recipient == (command == "RCPT")


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        pytest.param("RCPT", "452 mailbox full", id="recipient"),
        pytest.param("MAIL TEXT", "451 try later", id="text"),
    ],
)
def test_not_now_is_about_the_mail(mail_server, command, answer):
    mail_server.answers[command] = answer

    with pytest.raises(MailPostponedError, match=answer):
        send()

    assert mail_server.mails == []


@pytest.mark.parametrize(
    ("command", "answer", "connections"),
    [
        pytest.param("RCPT", "550 no such user", 1, id="recipient refused"),
        pytest.param("RCPT", "451 greylisted", 1, id="recipient, for now"),
        pytest.param("DATA", "451 not now", 2, id="before the text, for now"),
        pytest.param("MAIL TEXT", "554 spam", 2, id="text refused"),
    ],
)
def test_next_mail_goes_out_after_a_no(mail_server, command, answer, connections):
    mail_server.answers[command] = iter([answer])

    with MailSession() as session:
        with pytest.raises((MailRefusedError, MailPostponedError)):
            session.send(make_mail("a@example.org"))
        session.send(make_mail("b@example.org"))

    assert [mail["To"] for mail in mail_server.mails] == ["b@example.org"]
    assert mail_server.connections == connections


def test_next_mail_goes_out_after_one_that_cannot_be_encoded(mail_server):
    with MailSession() as session:
        with pytest.raises(UnicodeError):
            session.send(make_mail(f"a@{'ü' * 63}.example"))
        session.send(make_mail("b@example.org"))

    assert [mail["To"] for mail in mail_server.mails] == ["b@example.org"]


@pytest.mark.parametrize(
    ("command", "answer", "maybe_sent"),
    [
        pytest.param("MAIL", "550 sender unknown here", False, id="our own address"),
        pytest.param("GREETING", "421 too many connections", False, id="greeting"),
        pytest.param("GREETING", STAY_SILENT, False, id="accepts and stays silent"),
        pytest.param("RCPT", "421 enough", False, id="ends the connection"),
        pytest.param("DATA", HANG_UP, True, id="hangs up"),
        pytest.param("MAIL TEXT", HANG_UP, True, id="hangs up without saying yes"),
        pytest.param("MAIL TEXT", STAY_SILENT, True, id="does not say yes in time"),
    ],
)
def test_other_troubles_are_the_servers(mail_server, settings, command, answer, maybe_sent):
    settings.EMAIL_TIMEOUT = 0.5 if answer == STAY_SILENT else 20  # s
    mail_server.answers[command] = answer

    with pytest.raises(MailServerError) as trouble:
        send()

    assert trouble.value.maybe_sent is maybe_sent
    assert mail_server.mails == []


def test_no_mail_server_is_the_servers_trouble(mail_server, settings):
    settings.EMAIL_PORT = find_closed_port()

    with pytest.raises(MailServerError, match="ConnectionRefusedError"):
        send()


def test_folder_that_cannot_be_written_is_the_servers_trouble(settings, tmp_path):
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "file")
    (tmp_path / "file").touch()

    with pytest.raises(MailServerError, match="not a directory"):
        send()


@pytest.mark.parametrize("command", ["RCPT", "QUIT"])
def test_server_that_drips_is_left_at_the_time_limit(mail_server, settings, command):
    settings.EMAIL_TIMEOUT = 30  # s; no single wait is that long
    mail_server.answers[command] = DRIP

    with MailSession() as session, time_limit(0.5):
        if command == "RCPT":
            with pytest.raises(MailServerError, match="took too long"):
                session.send(make_mail())
        else:
            session.send(make_mail())
            session.close()

    assert len(mail_server.mails) == (command == "QUIT")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param("500 what?", id="does not know the word"),
        pytest.param("221 " + "so long " * 2000, id="never ends"),
        pytest.param(HANG_UP, id="hangs up"),
        pytest.param(STAY_SILENT, id="stays silent"),
    ],
)
def test_goodbye_that_fails_does_not_make_a_sent_mail_a_failed_one(mail_server, settings, answer):
    settings.EMAIL_TIMEOUT = 0.5 if answer == STAY_SILENT else 20  # s
    mail_server.answers["QUIT"] = answer

    send()

    assert len(mail_server.mails) == 1
