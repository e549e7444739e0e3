"""Whether mails about official warnings are still sent when their turn comes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail as outgoing

from tests.delivery.reading import read_bodies
from tests.delivery.warned import (
    HOUR,
    area_of,
    mail_of,
    make_coded_place,
    owe,
    send,
    update,
    warn,
)
from tests.factories import make_subscription
from tests.official.making import NOON, make_cap
from tests.official.stored import store
from weatherapp.official.storing import take

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_coded_place()


def test_a_cancellation_is_told_to_who_heard_of_the_warning(place):
    make_subscription(place)
    source = warn(instruction="Stay away from trees.")
    (issued,) = owe()
    assert send(issued) == "SENT"
    update(source, "Cancel")
    (cancelled,) = owe()

    mail = mail_of(cancelled)

    assert mail["Subject"] == "Official warning cancelled: Wind, Muri"
    for body in read_bodies(mail):
        assert "The Office has cancelled this warning." in body
        assert "Stay away" not in body
    assert send(cancelled) == "SENT"


def test_a_cancellation_is_not_told_to_who_heard_nothing(place):
    make_subscription(place)
    source = warn()
    (issued,) = owe()
    update(source, "Cancel")
    (cancelled,) = owe()

    assert send(issued) == "OVERTAKEN"
    assert send(cancelled) == "UNHEARD"


def test_who_subscribed_through_another_place_heard_it_too(place):
    """A warning that comes to a second place, and is cancelled: told once, to the mailbox."""
    make_subscription(place)
    make_subscription(make_coded_place("Wohlen", "XX002"))
    source = warn()
    (issued,) = owe()
    send(issued)
    update(source, at=NOON + HOUR, rest=area_of("XX001", "XX002"))
    (spread,) = owe()
    assert mail_of(spread)["Subject"] == "Official warning, Moderate: Wind, Wohlen"
    sent = "2026-03-01T11:40:00+00:00"
    store(source, make_cap("c", kind="Cancel", references=["a", "b"], sent=sent, infos=[]))
    (cancelled,) = owe()

    assert send(spread) == "OVERTAKEN"
    assert send(cancelled) == "SENT"
    assert "Wohlen" in outgoing.outbox[-1].body


def test_what_got_worse_before_the_first_mail_is_told_once(place):
    make_subscription(place)
    source = warn()
    (issued,) = owe()
    update(source, severity="Extreme")
    (worse,) = owe()

    assert send(issued) == "OVERTAKEN"
    assert send(worse) == "SENT"


def test_a_mail_that_is_being_sent_comes_before_the_next(place):
    make_subscription(place)
    source = warn()
    (issued,) = owe()
    issued.claim(now=NOON, until=NOON + timedelta(minutes=10))
    update(source, severity="Extreme")
    (worse,) = owe()

    assert send(worse) == "PENDING"


@pytest.mark.parametrize(
    ("hours", "outcome"), [(5, "SENT"), (7, "OVERTAKEN")], ids=["in force", "run out"]
)
def test_what_has_run_out_is_not_told(place, hours, outcome, settings):
    settings.DELIVERY_EXPIRES = timedelta(hours=10)
    make_subscription(place)
    warn()

    assert send(owe()[0], NOON + hours * HOUR) == outcome


def test_what_is_too_old_is_not_told(place, settings):
    settings.DELIVERY_EXPIRES = HOUR
    make_subscription(place)
    warn()

    assert send(owe()[0], NOON + 2 * HOUR) == "OUTDATED"


def test_a_source_that_is_switched_off_takes_its_mails_with_it(place):
    make_subscription(place)
    source = warn()
    (issued,) = owe()
    type(source).objects.update(state="off")
    take.end_of_sources_off(now=NOON)

    assert send(issued) == "OVERTAKEN"
    assert owe() == []
