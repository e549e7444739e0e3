"""The mails as mail programs take them: headers, escaping, whole HTML."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from tests.delivery.reading import JUNE_EVENING, html_of, mail_about, parse, text_of
from tests.factories import (
    NOON,
    make_alert,
    make_place,
    make_rule,
    make_subscription,
)
from weatherapp.delivery import outbox, subscriptions
from weatherapp.delivery.messages import write_alert_mail, write_confirmation
from weatherapp.delivery.tokens import CONFIRM, LEAVE, make_token, read_token
from weatherapp.models import Alert, Delivery, Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return make_place(name="Newark", time_zone="America/New_York")


@pytest.fixture
def alert(place) -> Alert:
    return make_alert(make_rule(place), raised_at=JUNE_EVENING, confirmed_at=JUNE_EVENING)


def test_mail_programs_can_unsubscribe_with_one_click(alert):
    mail = mail_about(alert.changes.get())

    link = mail["List-Unsubscribe"].strip(" <>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in text_of(mail)
    assert link in html_of(mail)
    token = link.removeprefix("http://testserver/subscriptions/").removesuffix("/unsubscribe")
    assert read_token(token, LEAVE, now=NOON).place == alert.place


def test_machines_do_not_answer_machines(alert):
    assert mail_about(alert.changes.get())["Auto-Submitted"] == "auto-generated"


def test_every_try_has_the_same_message_id_and_every_delivery_its_own(alert, place):
    for name in ("ann", "bob"):
        make_subscription(place, email=f"{name}@example.org")
    outbox.enqueue([alert.changes.get().pk], now=NOON)
    first, second = Delivery.objects.all()

    ids = [write_alert_mail(row).message()["Message-ID"] for row in (first, first, second)]

    assert ids[0] == ids[1] != ids[2]
    assert ids[0].endswith("@testserver>")


def test_line_break_in_a_name_starts_no_header(alert):
    alert.place.name = "Newark\r\nBcc: everybody@example.org"
    alert.place.save()

    mail = mail_about(alert.changes.get())

    assert mail["Bcc"] is None
    assert "Newark Bcc: everybody@example.org" in mail["Subject"]


def test_names_are_text_in_text_and_escaped_in_html(alert):
    alert.place.name = "Ben & Jerry's <b>farm</b>"
    alert.place.save()

    mail = mail_about(alert.changes.get())

    assert "Ben & Jerry's <b>farm</b>" in mail["Subject"]
    assert "Ben & Jerry's <b>farm</b>" in text_of(mail)
    assert "<b>farm</b>" not in html_of(mail)
    assert "Ben &amp; Jerry&#x27;s &lt;b&gt;farm&lt;/b&gt;" in html_of(mail)


def test_confirmation_has_the_link_and_no_list_headers(place):
    subscription = subscriptions.subscribe(place, email="a@example.org", now=NOON)

    mail = parse(write_confirmation(subscription, asked_at=NOON, now=NOON).message().as_bytes())

    token = make_token(subscription, CONFIRM, at=NOON)
    link = f"http://testserver/subscriptions/{token}/confirm"
    assert mail["Subject"] == "Please confirm: alerts for Newark"
    assert link in text_of(mail)
    assert f'href="{link}"' in html_of(mail)
    assert "within 3 days" in text_of(mail)
    assert mail["List-Unsubscribe"] is None


def test_html_is_whole_and_loads_nothing(alert):
    tags = Tags()

    tags.feed(html_of(mail_about(alert.changes.get())))

    assert tags.open == []
    assert tags.seen.isdisjoint({"img", "script", "link", "style", "iframe"})
    assert tags.language == "en"


def test_text_has_no_wide_gaps(alert):
    body = text_of(mail_about(alert.changes.get()))

    assert "\n\n\n" not in body.replace("\r\n", "\n")


class Tags(HTMLParser):
    """Which elements there are, and which were not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.language: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.language = self.language or dict(attrs).get("lang")
        if tag not in ("meta", "hr", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
