"""A run of mails: what goes first, when it ends, and what one mail may do to the others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.delivery.mail_server import HANG_UP, STAY_SILENT
from tests.delivery.sending import MINUTE, owe, read_states, send_batch
from tests.factories import NOON, make_place, make_subscription
from weatherapp.delivery import outbox
from weatherapp.models import Delivery, OutgoingServer, Subscription

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)
LABEL_TOO_LONG = "ü" * 63  # after IDNA


def ask(*emails: str, place=None, due_at=NOON) -> None:
    place = place or make_place(name="Asked")
    for email in emails:
        make_subscription(place, email=email, confirmed_at=None, confirmation_due_at=due_at)


def poison(email: str) -> None:
    """As no form takes it, and a row may hold it all the same."""
    Subscription.objects.filter(email=email).update(email=f"a@{LABEL_TOO_LONG}.example")


def recipients(mail_server) -> list[str]:
    return [mail["To"].partition("@")[0] for mail in mail_server.mails]


def test_run_sends_everything_over_one_connection(mail_server):
    owe(25)
    ask("asked@example.org")

    assert not send_batch()

    assert len(mail_server.mails) == 26
    assert mail_server.connections == 1


def test_who_waits_for_a_confirmation_goes_first_then_the_longest_owed(mail_server):
    owe(1)
    make_due = Delivery.objects.filter(subscription__email="reader-0@example.org").update
    make_due(due_at=NOON - 1 * MINUTE)
    place = make_place(name="Asked")
    ask("second@example.org", place=place, due_at=NOON)
    ask("first@example.org", place=place, due_at=NOON - MINUTE)

    send_batch()

    assert recipients(mail_server) == ["first", "second", "reader-0"]


def test_what_failed_before_stands_behind_all_that_did_not(mail_server):
    owe(3)
    ask("asked-0@example.org")
    hour_ago = NOON - timedelta(hours=1)
    Delivery.objects.filter(subscription__email__startswith="reader-0").update(
        error="451 later", due_at=hour_ago
    )
    Subscription.objects.filter(email__startswith="asked-0").update(
        confirmation_error="UnicodeError", confirmation_due_at=hour_ago
    )

    send_batch()

    assert recipients(mail_server) == ["reader-1", "reader-2", "asked-0", "reader-0"]


def test_run_ends_after_so_many_mails_and_says_that_more_is_due(mail_server):
    owe(5)

    more = [send_batch(mails=2) for _ in range(3)]

    assert more == [True, True, False]
    assert sorted(recipients(mail_server)) == [f"reader-{number}" for number in range(5)]


def test_run_ends_after_its_time(mail_server):
    owe(5)

    more = send_batch(time=10 * SECOND, step=4 * SECOND)

    assert more
    assert 1 <= len(mail_server.mails) <= 3


def test_run_that_ends_with_the_last_mail_does_not_ask_for_another(mail_server):
    owe(2)

    assert not send_batch(mails=2)


def test_nothing_due_opens_no_connection(mail_server):
    assert not send_batch()

    assert mail_server.connections == 0


def test_one_mail_that_cannot_be_made_does_not_end_the_run(mail_server):
    broken, *_ = owe(3)
    change = Delivery.objects.get(pk=broken).change
    ask("poison@example.org", "honest@example.org", place=change.alert.place)
    poison("poison@example.org")

    send_batch()

    assert recipients(mail_server) == ["honest", "reader-0", "reader-1", "reader-2"]


def test_many_poison_addresses_starve_nobody(mail_server):
    place = make_place(name="Asked")
    Subscription.objects.bulk_create(
        Subscription(
            place=place,
            email=f"{number}@{LABEL_TOO_LONG}.example",
            email_key=f"{number}@example.org",
            created_at=NOON,
            confirmation_due_at=NOON,
        )
        for number in range(300)
    )
    while send_batch(mails=100):
        pass
    ask("honest@example.org", place=place, due_at=NOON + MINUTE)

    send_batch(now=NOON + MINUTE, mails=100)

    assert recipients(mail_server) == ["honest"]
    assert Subscription.objects.filter(confirmation_attempts=1).count() == 300 - 99


def test_refusal_of_one_does_not_stop_the_others(mail_server):
    owe(4)
    mail_server.refuse_recipient = {
        "reader-1@": "550 5.1.1 no such user",
        "reader-2@": "451 4.7.1 greylisted",
    }

    assert not send_batch()

    assert read_states() == {
        "reader-0@example.org": "SENT",
        "reader-1@example.org": "FAILED",
        "reader-2@example.org": "PENDING",
        "reader-3@example.org": "SENT",
    }
    assert mail_server.connections == 1


def test_connection_lost_in_the_middle_is_followed_by_another_run_and_tells_nobody_twice(
    mail_server,
):
    owe(6)
    mail_server.answers["RCPT"] = iter(["250 ok", "250 ok", HANG_UP])

    assert send_batch(), "the server worked: go on at once"
    first = len(mail_server.mails)
    assert not send_batch()
    assert not send_batch(now=NOON + MINUTE)

    assert first == 2
    assert sorted(recipients(mail_server)) == [f"reader-{number}" for number in range(6)]
    assert mail_server.connections == 3
    assert OutgoingServer.objects.get().failures == 0


def test_120_mails_meet_a_silent_server_once(mail_server, settings):
    settings.EMAIL_TIMEOUT = 0.5  # s
    owe(120)
    mail_server.answers["GREETING"] = STAY_SILENT

    more = [send_batch(now=NOON + number * SECOND) for number in range(20)]

    assert not any(more)
    assert mail_server.connections == 1
    assert set(Delivery.objects.values_list("state", "attempts")) == {("PENDING", 0)}


def test_mails_to_who_left_are_dropped(mail_server):
    owe(2)
    Subscription.objects.update(unsubscribed_at=NOON)

    assert not send_batch()

    assert mail_server.mails == []
    assert outbox.due(now=NOON, has_failed=False, limit=9) == []
