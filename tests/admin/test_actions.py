"""Actions: they queue on a real broker, and say so truly."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.admin.acting import act, log_in_with
from tests.factories import NOON, make_alert, make_place, make_rule, make_subscription
from weatherapp.delivery import outbox
from weatherapp.models import Delivery, DeliveryState, Place, Subscription

# Committed for real: what is queued only after the commit would otherwise never be queued.
pytestmark = pytest.mark.django_db(transaction=True)

PLACES = "/admin/weatherapp/place/"
DELIVERIES = "/admin/weatherapp/delivery/"
SUBSCRIPTIONS = "/admin/weatherapp/subscription/"


@pytest.mark.parametrize(
    ("action", "task", "said"),
    [
        ("refresh_now", "refresh_places", "Queued: fetching the weather of Dublin, Cork."),
        ("predict_now", "request_predictions", "Queued: predicting for Dublin, Cork."),
    ],
)
def test_places_are_worked_on_now(operator, broker, action, task, said):
    dublin, cork = make_place(), make_place(name="Cork")
    make_place(name="Galway")

    messages = act(operator, PLACES, action, dublin, cork)

    assert messages == [said]
    assert broker.read_queue() == [(task, {"place_ids": [dublin.pk, cork.pk]})]


@pytest.mark.usefixtures("_broker_down")
@pytest.mark.parametrize("action", ["refresh_now", "predict_now"])
def test_broker_that_is_down_is_said_not_a_crash(operator, action):
    messages = act(operator, PLACES, action, make_place())

    assert messages == ["Nothing was queued. The queue (Redis) cannot be reached."]


# Mails that were given up


@pytest.fixture
def delivery() -> Delivery:
    place = make_place()
    make_subscription(place)
    change = make_alert(make_rule(place)).changes.get()
    outbox.enqueue([change.pk], now=NOON)
    Delivery.objects.update(
        state=DeliveryState.FAILED, attempts=8, due_at=NOON + timedelta(days=999999)
    )
    return Delivery.objects.get()


def test_given_up_mail_is_due_again(operator, broker, delivery):
    messages = act(operator, DELIVERIES, "send_again_now", delivery)

    delivery.refresh_from_db()
    assert messages == ["To be sent again, unless out of date: 1."]
    assert (delivery.state, delivery.attempts) == (DeliveryState.PENDING, 0)
    assert broker.read_queue("outgoing") == [("send_mails", {})]


def test_sent_mail_is_not_sent_again(operator, broker, delivery):
    Delivery.objects.update(state=DeliveryState.SENT)

    messages = act(operator, DELIVERIES, "send_again_now", delivery)

    assert "nothing to send again" in messages[0]
    assert broker.read_queue() == []


@pytest.mark.usefixtures("_broker_down")
def test_mail_is_due_again_even_when_the_broker_is_down(operator, delivery):
    messages = act(operator, DELIVERIES, "send_again_now", delivery)

    assert "are sent when the queue is back" in messages[0]
    assert Delivery.objects.get().state == DeliveryState.PENDING


def test_operator_can_unsubscribe_an_address(operator):
    subscription = make_subscription(make_place())

    assert act(operator, SUBSCRIPTIONS, "unsubscribe", subscription) == ["Unsubscribed: 1."]
    assert not Subscription.objects.get().is_confirmed


# Who may


@pytest.mark.parametrize("action", ["refresh_now", "predict_now", "delete_selected"])
def test_who_may_only_look_cannot_act_on_places(broker, action):
    place = make_place()

    act(log_in_with("view_place"), PLACES, action, place)

    assert broker.read_queue() == []
    assert Place.objects.exists()


def test_who_may_only_look_cannot_send_again(broker, delivery):
    act(log_in_with("view_delivery"), DELIVERIES, "send_again_now", delivery)

    assert Delivery.objects.get().state == DeliveryState.FAILED


def test_who_may_only_look_cannot_unsubscribe_others():
    subscription = make_subscription(make_place())

    act(log_in_with("view_subscription"), SUBSCRIPTIONS, "unsubscribe", subscription)

    assert Subscription.objects.get().is_confirmed


@pytest.mark.parametrize("who", ["guest", "stranger"])
def test_guests_and_strangers_cannot_act(request, broker, who):
    form = {"action": "refresh_now", "_selected_action": [make_place().pk]}

    answer = request.getfixturevalue(who).post(PLACES, form)

    assert answer.status_code in (302, 403)
    assert broker.read_queue() == []
