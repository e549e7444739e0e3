"""No mailbox is asked too often, and who wants no mail never again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.delivery.asking import due_ids, subscribe
from tests.delivery.sending import send_one
from tests.factories import NOON, make_place, make_subscription
from tests.together import do_at_once
from weatherapp.delivery import confirmations, subscriptions, suppressions
from weatherapp.delivery.addresses import parse_address
from weatherapp.models import Place, Subscription, Suppression

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def place() -> Place:
    return make_place()


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
