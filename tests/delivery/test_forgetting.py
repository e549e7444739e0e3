"""Personal data ends after the stated times, and never what is owed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOON, make_alert, make_place, make_rule, make_subscription
from weatherapp import tasks
from weatherapp.delivery import forgetting
from weatherapp.models import Delivery, DeliveryState, Place, Subscription

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def place() -> Place:
    return make_place()


def make_delivery(place: Place, *, email: str = "reader@example.org", **fields) -> Delivery:
    subscription = make_subscription(place, email=email)
    change = make_alert(make_rule(place)).changes.get()
    defaults = {"state": DeliveryState.SENT, "created_at": NOON, "due_at": NOON}
    return Delivery.objects.create(change=change, subscription=subscription, **(defaults | fields))


@pytest.mark.parametrize(
    ("fields", "life"),
    [
        pytest.param({"confirmed_at": None}, 7 * DAY, id="never confirmed"),
        pytest.param({"unsubscribed_at": NOON}, 30 * DAY, id="left"),
        pytest.param({"confirmed_at": None, "unsubscribed_at": NOON}, 7 * DAY, id="said no"),
    ],
)
def test_address_is_forgotten_after_its_time(place, fields, life):
    make_subscription(place, **fields)

    assert forgetting.forget_personal_data(now=NOON + life) == 0
    assert forgetting.forget_personal_data(now=NOON + life + MINUTE) == 1
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({}, id="confirmed"),
        pytest.param({"confirmed_at": None, "confirmation_due_at": NOON}, id="to be asked"),
        pytest.param(
            {"unsubscribed_at": NOON, "confirmation_due_at": NOON}, id="left, to be asked again"
        ),
        pytest.param(
            {"unsubscribed_at": NOON, "created_at": NOON + 898 * DAY}, id="left, asked again"
        ),
    ],
)
def test_address_that_is_needed_stays(place, fields):
    make_subscription(place, **fields)

    assert forgetting.forget_personal_data(now=NOON + 900 * DAY) == 0


@pytest.mark.parametrize("state", [state for state in DeliveryState if state != "PENDING"])
def test_what_was_told_is_forgotten_with_its_error(place, state):
    make_delivery(place, state=state, error="550 reader@example.org is unknown")

    assert forgetting.forget_personal_data(now=NOON + 90 * DAY) == 0
    assert forgetting.forget_personal_data(now=NOON + 90 * DAY + MINUTE) == 1
    assert Subscription.objects.exists()


def test_owed_mail_stays_and_so_does_whom_it_is_for(place):
    delivery = make_delivery(place, state=DeliveryState.PENDING)
    Subscription.objects.update(unsubscribed_at=NOON)

    assert forgetting.forget_personal_data(now=NOON + 900 * DAY) == 0

    delivery.state = DeliveryState.DROPPED
    delivery.save()
    assert forgetting.forget_personal_data(now=NOON + 900 * DAY) == 2
    assert not Subscription.objects.exists()


def test_times_are_the_operators_choice(place, settings):
    settings.KEEP_UNSUBSCRIBED = 2 * DAY
    settings.KEEP_UNCONFIRMED = 5 * DAY
    make_subscription(place, unsubscribed_at=NOON)

    assert forgetting.forget_personal_data(now=NOON + 6 * DAY) == 1


def test_one_run_is_bounded_and_the_next_goes_on(place, monkeypatch):
    monkeypatch.setattr(forgetting, "BATCH", 2)
    monkeypatch.setattr(forgetting, "BATCHES_A_RUN", 2)
    for number in range(5):
        make_subscription(place, email=f"reader-{number}@example.org", confirmed_at=None)

    deleted = [forgetting.forget_personal_data(now=NOON + 900 * DAY) for _ in range(3)]

    assert deleted == [4, 1, 0]


def test_tick_forgets(place):
    make_subscription(place, confirmed_at=None, created_at=NOON - 900 * DAY)

    tasks.forget_personal_data()

    assert not Subscription.objects.exists()
