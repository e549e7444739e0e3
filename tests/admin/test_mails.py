"""The local mail folder in the admin."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives

from tests.delivery.sending import send_one
from tests.factories import NOON, make_place
from weatherapp.delivery import confirmations, subscriptions
from weatherapp.delivery.email import MailSession
from weatherapp.delivery.mail_folder import list_mails
from weatherapp.delivery.tokens import CONFIRM, make_token

pytestmark = pytest.mark.django_db

FOLDER = "/admin/weatherapp/delivery/mails/"


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    """Where Django's file backend writes."""
    settings.EMAIL_BACKEND = "weatherapp.delivery.private_folder.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def write_mail(text: str = "Soon.", *, subject: str = "Rain", html: str = "<p>Soon.</p>") -> None:
    mail = EmailMultiAlternatives(subject, text, to=["reader@example.org"])
    mail.attach_alternative(html, "text/html")
    with MailSession() as session:
        session.send(mail)


def file_in(folder: Path) -> str:
    (file,) = folder.iterdir()
    return file.name


def test_confirmation_can_be_answered_from_the_folder(operator, folder):
    subscription = subscriptions.subscribe(make_place(), email="a@example.org", now=NOON)
    send_one(confirmations.send, subscription.pk)

    page = operator.get(f"{FOLDER}{file_in(folder)}/").content.decode()

    token = make_token(subscription, CONFIRM, at=NOON)
    link = f"http://testserver/subscriptions/{token}/confirm"
    assert f'href="{link}"' in page
    assert "a@example.org" in page


def test_folder_lists_the_newest_first(operator, folder):
    for age_s, subject in ((30, "Old"), (10, "New"), (20, "Middle")):
        write_mail(subject=subject)
        (written,) = folder.glob("2*.log")
        # Django may give two files of the same second one name.
        file = written.rename(folder / f"{subject}.log")
        moment = file.stat().st_mtime - age_s
        os.utime(file, (moment, moment))

    page = operator.get(FOLDER)

    assert [mail.subject for mail in page.context["mails"]] == ["New", "Middle", "Old"]


def test_several_mails_in_one_file_are_all_shown(operator, folder):
    write_mail(subject="First")
    (file,) = folder.iterdir()
    first = file.read_bytes()
    file.write_bytes(first + first.replace(b"First", b"Second"))

    page = operator.get(f"{FOLDER}{file.name}/").content.decode()

    assert page.count("reader@example.org") == 2
    assert "First" in page
    assert "Second" in page


@pytest.mark.usefixtures("folder")
def test_folder_that_does_not_exist_yet_is_explained(operator):
    page = operator.get(FOLDER)

    assert page.status_code == 200
    assert "No mail has been written here yet" in page.content.decode()


def test_site_with_a_mail_server_says_so(operator, folder, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

    assert "hands its mails to a mail server" in operator.get(FOLDER).content.decode()


def test_mail_is_shown_as_text(operator, folder):
    write_mail(
        "<script>alert(1)</script> javascript:alert(2)",
        subject="<img src=x onerror=alert(3)>",
        html="<script>alert(4)</script>",
    )

    pages = [operator.get(FOLDER), operator.get(f"{FOLDER}{file_in(folder)}/")]

    for page in pages:
        text = page.content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert 'href="javascript' not in text


@pytest.mark.parametrize(
    "content", [b"", b"no headers at all", b"\xff\xfe\x00", b"Date: never\n\nx"]
)
def test_file_that_is_no_mail_does_no_harm(operator, folder, content):
    folder.mkdir()
    (folder / "odd.log").write_bytes(content)

    assert operator.get(FOLDER).status_code == 200
    assert operator.get(f"{FOLDER}odd.log/").status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "..%2Fsecret.log",
        "..%2F..%2F..%2Fetc%2Fpasswd",
        "%2Fetc%2Fpasswd",
        "secret.txt",
        "link.log",
        "missing.log",
        "*.log",
    ],
)
def test_no_name_leads_out_of_the_folder(operator, folder, name):
    folder.mkdir()
    (folder.parent / "secret.log").write_text("Subject: classified\n\nwords")
    (folder / "secret.txt").write_text("Subject: classified\n\nwords")
    (folder / "link.log").symlink_to(folder.parent / "secret.log")
    (folder / "real.log").write_text("Subject: shown\n\nfine words")

    answer = operator.get(f"{FOLDER}{name}/", follow=True)

    assert answer.status_code in (200, 404)
    assert "classified" not in answer.content.decode()
    assert "fine words" not in answer.content.decode()


@pytest.mark.parametrize("page", [FOLDER, f"{FOLDER}any.log/"])
def test_folder_is_for_staff_who_may_see_deliveries(guest, stranger, page):
    assert guest.get(page).status_code == 403
    assert stranger.get(page).status_code == 302


def test_deliveries_lead_to_the_folder(operator):
    assert FOLDER in operator.get("/admin/weatherapp/delivery/").content.decode()


def test_newest_mails_are_listed_and_no_more_than_asked(folder):
    with MailSession() as session:
        for number in range(3):
            session.send(EmailMultiAlternatives(f"Rain {number}", "Soon.", to=["a@example.org"]))

    assert len(list(folder.iterdir())) == 1, "a run writes one file"
    assert [mail.subject for mail in list_mails(folder, limit=2)] == ["Rain 2", "Rain 1"]
