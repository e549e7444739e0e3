"""A rule that yields to official warnings, and our mails beside those of the authorities."""

from __future__ import annotations

import pytest

from tests.delivery.reading import mail_about, read_bodies
from tests.delivery.sending import add_change, send_one
from tests.delivery.warned import HOUR, area_of, make_coded_place, warn
from tests.factories import make_alert, make_rule, make_scene, make_subscription, storm_gusts
from tests.official.making import NOON, make_cap, make_info
from tests.official.stored import known_source, store
from weatherapp.delivery import outbox
from weatherapp.models import ChangeReason, Delivery, OfficialWarning, Rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    place = make_coded_place()
    make_subscription(place)
    return place


@pytest.fixture
def unread():
    """Such a place without subscribers: reading a mail makes one."""
    return make_coded_place()


def raise_alert(place, *, yields: bool = True, **fields):
    """Of storm gusts, moderate, for the next six hours."""
    rule = make_rule(place, says=storm_gusts(), name="Storm gusts")
    Rule.objects.update(yields_to_official=yields)
    rule.refresh_from_db()
    return make_alert(rule, raised_at=NOON, **({"severity": "Moderate"} | fields))


def tell(change, now=NOON) -> str:
    """What became of the mail about it."""
    outbox.enqueue([change.pk], now=now)
    row = Delivery.objects.get(change=change)
    send_one(outbox.send, row.pk, now=now)
    row.refresh_from_db()
    return row.drop_reason or row.state


def test_who_has_an_official_warning_of_the_same_hears_nothing_of_ours(place):
    warn()
    alert = raise_alert(place)

    assert tell(alert.changes.get()) == "INHIBITED"
    alert.refresh_from_db()
    assert alert.is_open


def test_who_was_not_told_of_the_alert_is_not_told_of_its_end(place):
    warn()
    alert = raise_alert(place)
    tell(alert.changes.get())

    assert tell(add_change(alert, ChangeReason.CLEARED, at=NOON + HOUR)) == "UNHEARD"


def test_no_rule_yields_unless_an_operator_says_so(place):
    warn()

    assert not make_rule().yields_to_official
    assert tell(raise_alert(place, yields=False).changes.get()) == "SENT"


@pytest.mark.parametrize(
    "said",
    [
        {"severity": "Minor"},
        {"severity": "Unknown"},
        {"event": "Heavy snow", "headline": ""},
        {"onset": "2026-03-01T13:00:00+00:00"},
        {"expires": "2026-03-01T12:00:00+00:00"},
        {"rest": area_of("XX002")},
    ],
    ids=["less severe", "unknown", "another kind", "not yet in force", "over", "elsewhere"],
)
def test_what_says_less_inhibits_nothing(place, said):
    warn(**said)

    assert tell(raise_alert(place).changes.get()) == "SENT"


def test_what_gets_worse_than_the_official_warning_is_told(place):
    warn()
    alert = raise_alert(place)
    tell(alert.changes.get())
    worse = add_change(alert, ChangeReason.ESCALATED, at=NOON, severity="Severe")

    assert tell(worse) == "SENT"


def test_a_cancelled_warning_no_longer_inhibits(place):
    source = warn()
    sent = "2026-03-01T11:00:00+00:00"
    store(source, make_cap("b", kind="Cancel", references=["a"], sent=sent, infos=[]))

    assert tell(raise_alert(place).changes.get()) == "SENT"


def test_a_replay_is_of_another_day_than_the_warning():
    make_scene()
    place = make_coded_place(source="replay", station="EWR")
    make_subscription(place)
    warn()

    assert tell(raise_alert(place).changes.get()) == "SENT"


def test_our_mail_names_the_official_warning_for_the_same_hours(unread):
    warn()
    alert = raise_alert(unread, yields=False)

    for body in read_bodies(mail_about(alert.changes.get())):
        assert "The Office warns for the same hours: Wind, Moderate." in body
        assert f"http://testserver/warnings/{OfficialWarning.objects.get().pk}/" in body


def test_two_issuers_of_one_warning_are_named_once_and_others_not_at_all(unread):
    store(known_source(key="a"), make_cap("x"))
    store(known_source(key="b"), make_cap("y", infos=[make_info(senderName="Europe")]))
    snow = make_info(event="Heavy snow", headline="", senderName="Snow Office")
    store(known_source(key="c"), make_cap("z", infos=[snow]))
    alert = raise_alert(unread, yields=False)

    for body in read_bodies(mail_about(alert.changes.get())):
        assert body.count("warns for the same hours") == 1
        assert "Snow Office" not in body


def test_the_mail_about_the_end_names_none(unread):
    warn()
    alert = raise_alert(unread, yields=False)
    change = add_change(alert, ChangeReason.CLEARED, at=NOON + HOUR)

    for body in read_bodies(mail_about(change)):
        assert "for the same hours" not in body
