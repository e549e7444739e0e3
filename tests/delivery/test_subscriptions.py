"""From a stranger's address to a confirmed subscription, and out again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail

from tests.delivery.sending import send_one
from tests.factories import NOON, make_place, make_subscription
from tests.together import do_at_once
from weatherapp.delivery import confirmations, subscriptions, suppressions
from weatherapp.delivery.addresses import AddressError, parse_address
from weatherapp.delivery.tokens import LEAVE, make_token
from weatherapp.models import Place, Subscription, Suppression

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def place() -> Place:
    return make_place()


def subscribe(place: Place, email: str = "reader@example.org", **when) -> Subscription:
    return subscriptions.subscribe(place, email=email, now=when.get("now", NOON))


def due_ids(now=NOON, *, has_failed=False) -> list[int]:
    return confirmations.due(now=now, has_failed=has_failed, limit=10)


# Asking


def test_stranger_is_asked_to_confirm(place):
    subscription = subscribe(place)

    assert not subscription.is_confirmed
    assert due_ids() == [subscription.pk]


@pytest.mark.parametrize("email", ["READER@example.org", " reader@EXAMPLE.org "])
def test_same_address_is_the_same_subscription(place, email):
    first = subscribe(place)

    assert subscribe(place, email).pk == first.pk
    assert Subscription.objects.count() == 1


def test_name_before_the_at_is_kept_as_written(place):
    assert subscribe(place, " Jane.Doe@Example.ORG ").email == "Jane.Doe@example.org"


@pytest.mark.parametrize(
    "spelling", ["jane@bücher.example", "JANE@BÜCHER.example", "jane@xn--bcher-kva.example"]
)
def test_every_spelling_is_the_same_subscription(place, spelling):
    first = subscribe(place, "Jane@Bücher.example")

    assert subscribe(place, spelling).pk == first.pk
    assert first.email == "Jane@xn--bcher-kva.example"


@pytest.mark.parametrize(
    "email", ["v\u0131ctim@example.org", "a@xn--ü.com", "a@" + "İ" * 99 + ".org"]
)
def test_what_is_no_address_is_not_stored(place, email):
    with pytest.raises(AddressError):
        subscribe(place, email)

    assert not Subscription.objects.exists()


def test_same_address_may_watch_two_places(place):
    assert subscribe(place).pk != subscribe(make_place(name="Cork")).pk


def test_confirmed_reader_is_not_asked_again(place):
    make_subscription(place)

    subscription = subscribe(place, now=NOON + DAY)

    assert subscription.is_confirmed
    assert due_ids(NOON + DAY) == []


@pytest.mark.parametrize(
    ("wait", "asked_again"),
    [
        pytest.param(9 * MINUTE, False, id="a moment ago"),
        pytest.param(10 * MINUTE, True, id="ten minutes ago"),
    ],
)
def test_no_mailbox_gets_two_questions_within_ten_minutes(place, wait, asked_again):
    subscription = subscribe(place)
    send_one(confirmations.send, subscription.pk, now=NOON)

    subscribe(place, now=NOON + wait)

    assert due_ids(NOON + wait) == ([subscription.pk] if asked_again else [])


@pytest.mark.django_db(transaction=True)
def test_two_visitors_at_once_cause_one_row_and_one_question(place):
    rows = do_at_once(
        *(
            lambda email=email: subscribe(place, email)
            for email in ("A@example.org", "a@example.org")
        )
    )

    assert rows[0].pk == rows[1].pk
    assert due_ids() == [rows[0].pk]


# Limits


@pytest.fixture
def few(settings):
    """Three mails an hour to one mailbox, five a day."""
    settings.SUBSCRIBE_ADDRESS_HOUR, settings.SUBSCRIBE_ADDRESS_DAY = 3, 5


@pytest.mark.usefixtures("few")
def test_aliases_of_one_mailbox_are_counted_together(place):
    asked = [subscribe(place, f"victim+{number}@example.org") for number in range(20)]

    assert [row is not None for row in asked] == [True] * 3 + [False] * 17
    assert Subscription.objects.count() == 3
    assert subscribe(place, "other@example.org") is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("few")
def test_aliases_that_come_at_once_are_counted_together(place):
    emails = [f"victim+{number}@example.org" for number in range(6)]

    rows = do_at_once(*(lambda email=email: subscribe(place, email) for email in emails))

    assert sum(row is None for row in rows) == 3
    assert len(due_ids()) == 3


@pytest.mark.usefixtures("few")
def test_mailbox_gets_another_question_after_a_while_and_so_many_a_day(place):
    emails = (f"victim+{number}@example.org" for number in range(10**6))
    asked_at = [
        now
        for now in (NOON + hour * HOUR for hour in range(24))
        for _ in range(5)
        if subscribe(place, next(emails), now=now)
    ]

    assert asked_at.count(NOON) == 3
    # The day's five, and those that grew back meanwhile.
    assert 5 <= len(asked_at) <= 10


@pytest.mark.usefixtures("few")
def test_who_is_not_asked_uses_up_nothing(place):
    make_subscription(place, email="victim@example.org")

    for _ in range(9):
        subscribe(place, "victim@example.org")

    assert subscribe(make_place(name="Cork"), "victim@example.org") is not None


@pytest.mark.usefixtures("few")
def test_known_mailbox_over_its_limit_is_not_asked_again(place):
    row = subscribe(place, "victim@example.org")
    for name in ("Cork", "Galway"):
        subscribe(make_place(name=name), "victim@example.org")
    send_one(confirmations.send, row.pk)

    assert subscribe(place, "victim@example.org", now=NOON + 11 * MINUTE).pk == row.pk
    assert row.pk not in due_ids(NOON + 11 * MINUTE)


# Never again


def test_who_wants_no_mail_is_neither_asked_nor_stored(place):
    subscriptions.never_again(parse_address("victim@example.org"), now=NOON)

    for alias in ("victim@example.org", "Victim+x@EXAMPLE.org"):
        assert subscribe(place, alias, now=NOON + 900 * DAY) is None
    assert not Subscription.objects.exists()
    assert subscribe(place, "other@example.org") is not None


def test_never_again_ends_every_subscription_of_the_address(place):
    here = make_subscription(place)
    there = make_subscription(make_place(name="Cork"), confirmed_at=None)
    other = make_subscription(place, email="reader+work@example.org")

    subscriptions.never_again(parse_address("READER@example.org"), now=NOON)
    subscriptions.never_again(parse_address("reader@example.org"), now=NOON + DAY)

    assert set(Subscription.objects.filter(unsubscribed_at=NOON)) == {here, there}
    assert list(Subscription.objects.confirmed()) == [other]


def test_never_again_drops_the_questions_that_aliases_are_owed(place):
    for alias in ("victim+x@example.org", "victim+y@example.org", "victims@example.org"):
        subscribe(place, alias)

    subscriptions.never_again(parse_address("victim@example.org"), now=NOON)

    owed = Subscription.objects.filter(pk__in=due_ids())
    assert [row.email for row in owed] == ["victims@example.org"]


def test_promise_holds_no_address_and_outlives_the_secret(place, settings):
    settings.SUPPRESSION_KEY = "stays"
    address = parse_address("victim@example.org")
    subscriptions.never_again(address, now=NOON)
    settings.SECRET_KEY = "another"

    assert suppressions.find(address) is not None
    assert "victim" not in str(Suppression.objects.values().get())
    settings.SUPPRESSION_KEY = "guessed"
    assert suppressions.find(address) is None


def test_promise_can_be_taken_back(place):
    address = parse_address("victim+x@example.org")
    subscriptions.never_again(address, now=NOON)

    assert suppressions.allow(parse_address("victim@example.org"))
    assert not suppressions.allow(address)
    assert subscribe(place, "victim@example.org") is not None


# Yes, and no


def test_confirming_twice_keeps_the_first_time(place):
    subscription = make_subscription(place)

    subscriptions.confirm(subscription, now=NOON + 30 * DAY)

    subscription.refresh_from_db()
    assert subscription.confirmed_at == NOON


def test_farewell_ends_it_and_the_owed_question(place):
    subscription = subscribe(place)

    subscriptions.unsubscribe(subscription, now=NOON + MINUTE)
    subscriptions.unsubscribe(subscription, now=NOON + DAY)

    subscription.refresh_from_db()
    assert subscription.unsubscribed_at == NOON + MINUTE
    assert due_ids(NOON + DAY) == []


def test_who_left_while_the_link_was_read_is_not_brought_back(place):
    subscription = make_subscription(place, confirmed_at=None)
    seen = Subscription.objects.get()
    subscriptions.unsubscribe(subscription, now=NOON)

    subscriptions.confirm(seen, now=NOON)

    assert not Subscription.objects.get().is_confirmed


def test_who_left_may_come_back(place):
    subscription = make_subscription(place)
    subscriptions.unsubscribe(subscription, now=NOON)

    subscribe(place, now=NOON + DAY)
    send_one(confirmations.send, subscription.pk, now=NOON + DAY)
    subscription.refresh_from_db()
    subscriptions.confirm(subscription, now=NOON + DAY)

    subscription.refresh_from_db()
    assert subscription.is_confirmed
    assert len(mail.outbox) == 1


# A fresh link to leave


def test_fresh_link_to_leave_is_mailed_once(place):
    subscription = make_subscription(place, created_at=NOON - 900 * DAY)

    for _ in range(3):
        subscriptions.ask_leave_link(subscription, now=NOON)
    (subscription_id,) = due_ids()
    send_one(confirmations.send, subscription_id)
    subscriptions.ask_leave_link(subscription, now=NOON + MINUTE)

    (sent,) = mail.outbox
    link = f"/subscriptions/{make_token(subscription, LEAVE, at=NOON)}/unsubscribe"
    assert link in sent.body
    assert link in sent.alternatives[0].content
    assert due_ids(NOON + DAY) == []
    assert Subscription.objects.get().is_confirmed


def test_fresh_link_waits_for_the_mail_server(place, mail_server):
    subscription = make_subscription(place, created_at=NOON - 900 * DAY)
    subscriptions.ask_leave_link(subscription, now=NOON)
    mail_server.answers["RCPT"] = "451 greylisted"

    send_one(confirmations.send, subscription.pk)

    assert due_ids(NOON + HOUR, has_failed=True) == [subscription.pk]


def test_who_gets_no_alerts_needs_no_link_to_leave(place):
    subscription = make_subscription(place, unsubscribed_at=NOON)

    subscriptions.ask_leave_link(subscription, now=NOON)

    assert due_ids() == []
