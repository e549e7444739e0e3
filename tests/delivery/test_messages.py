"""The mails themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest

from tests.factories import (
    NOON,
    make_alert,
    make_place,
    make_rule,
    make_scene,
    make_subscription,
)
from weatherapp.delivery import outbox, subscriptions
from weatherapp.delivery.messages import write_alert_mail, write_confirmation
from weatherapp.delivery.tokens import CONFIRM, LEAVE, make_token, read_token
from weatherapp.delivery.wording import percent
from weatherapp.models import Alert, AlertChange, AlertState, ChangeReason, Delivery, Place

pytestmark = pytest.mark.django_db

JUNE_EVENING = datetime(2026, 6, 7, 22, tzinfo=UTC)  # 18:00 in New York


@pytest.fixture
def place() -> Place:
    return make_place(name="Newark", time_zone="America/New_York")


@pytest.fixture
def alert(place) -> Alert:
    return make_alert(make_rule(place), raised_at=JUNE_EVENING, confirmed_at=JUNE_EVENING)


def end(alert: Alert, reason: ChangeReason, **evidence) -> AlertChange:
    """The alert's last change, three hours later."""
    state = AlertState.EXPIRED if reason == ChangeReason.TIMED_OUT else AlertState.ENDED
    ended_at = JUNE_EVENING + timedelta(hours=3)
    Alert.objects.filter(pk=alert.pk).update(state=state, ended_at=ended_at)
    return AlertChange.objects.create(
        alert=alert,
        old_state=AlertState.ACTIVE,
        new_state=state,
        reason=reason,
        changed_at=ended_at,
        created_at=ended_at,
        evidence=alert.changes.get().evidence | evidence,
    )


def mail_about(change: AlertChange) -> EmailMessage:
    """As it goes over the wire, parsed again by the standard library."""
    make_subscription(change.alert.place)
    (delivery_id,) = outbox.enqueue([change.pk], now=NOON)
    delivery = Delivery.objects.get(pk=delivery_id)
    return parse(write_alert_mail(delivery).message().as_bytes(linesep="\r\n"))


def parse(wire: bytes) -> EmailMessage:
    return message_from_bytes(wire, EmailMessage, policy=default)


def text_of(mail: EmailMessage) -> str:
    return mail.get_body(["plain"]).get_content()


def html_of(mail: EmailMessage) -> str:
    return mail.get_body(["html"]).get_content()


def test_raised_alert_says_what_where_when_and_why(alert):
    mail = mail_about(alert.changes.get())

    assert mail["Subject"] == "Rain soon, Newark: 70 % chance of rain within 6 hours"
    for body in (text_of(mail), html_of(mail)):
        assert "Rain soon: Newark" in body
        assert "70 %" in body
        assert "Sunday 7 June 2026, 18:00 to Monday 8 June, 00:00 EDT" in body
        assert "raised at 60 % or above, and ends below 50 %" in body
        assert "rain_mini (test)" in body
        assert f"http://testserver/alerts/{alert.pk}/" in body
        assert "not a warning authority" in body


def test_a_combined_chance_names_its_parts(alert):
    change = alert.changes.get()
    change.evidence["parts"] = {
        "model_probability": 0.64,
        "source": "open_meteo",
        "source_issued_at": JUNE_EVENING.isoformat(),
        "source_peak_probability": 0.78,
        "weights": [],
    }
    change.save()

    mail = mail_about(change)

    for body in (text_of(mail), html_of(mail)):
        assert "combined with the forecast of Open-Meteo" in body
        assert "(model 64 %, Open-Meteo 78 % in its likeliest hour)" in body


def test_late_mail_says_that_the_alert_is_over(alert):
    raised = alert.changes.get()
    end(alert, ChangeReason.CLEARED)

    body = text_of(mail_about(AlertChange.objects.get(pk=raised.pk)))

    assert "the alert has ended since, Sunday 7 June 2026, 21:00 EDT" in body


def test_ended_alert_says_that_it_is_over_and_why(alert):
    mail = mail_about(end(alert, ChangeReason.CLEARED, probability=0.312))

    assert mail["Subject"] == "Over: Rain soon, Newark"
    for body in (text_of(mail), html_of(mail)):
        assert "31.2 %" in body
        assert "ends below 50 %" in body
        assert "Sunday 7 June 2026, 21:00 EDT" in body
        assert "highest chance 70 %" in body


def test_switched_off_rule_is_not_sold_as_better_weather(alert):
    body = text_of(mail_about(end(alert, ChangeReason.RULE_OFF, probability=0.9)))

    assert "because its rule was switched off, not because of the weather" in body
    assert "ends below" not in body


def test_expired_alert_is_not_the_all_clear(alert):
    unknown = {
        "probability": None,
        "window_end_at": None,
        "model_name": None,
        "model_version": None,
    }
    mail = mail_about(end(alert, ChangeReason.TIMED_OUT, **unknown))

    assert mail["Subject"] == "No data any more: Rain soon, Newark"
    for body in (text_of(mail), html_of(mail)):
        assert "not the all-clear" in body
        assert "None" not in body


@pytest.mark.parametrize("reason", [ChangeReason.CLEARED, ChangeReason.RULE_OFF])
def test_what_was_unknown_is_left_out(alert, reason):
    unknown = {
        "probability": None,
        "window_end_at": None,
        "model_name": None,
        "model_version": None,
    }

    mail = mail_about(end(alert, reason, **unknown))

    assert "None" not in text_of(mail) + html_of(mail)


def test_replay_is_called_a_replay():
    make_scene()
    place = make_place(source="replay", station="EWR")

    mail = mail_about(make_alert(make_rule(place)).changes.get())

    assert mail["Subject"].startswith("[Replay] ")
    assert "REPLAY OF PAST WEATHER: Tropical storm Andrea" in text_of(mail)
    assert "Replay of past weather:" in html_of(mail)


def test_weather_of_today_is_not_called_a_replay(alert):
    make_scene()

    mail = mail_about(alert.changes.get())

    assert "replay" not in (mail["Subject"] + text_of(mail) + html_of(mail)).lower()


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
    assert mail["Subject"] == "Please confirm: rain alerts for Newark"
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


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.6, "60 %"), (0.596, "59.6 %"), (0.0, "0 %"), (1.0, "100 %"), (0.07, "7 %"), (None, None)],
)
def test_chances_are_said_in_percent(share, words):
    assert percent(share) == words


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
