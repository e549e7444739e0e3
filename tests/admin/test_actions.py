"""Actions: they queue on a real broker, and say so truly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests.factories import NOON, make_alert, make_place, make_rule, make_subscription
from weatherapp.delivery import outbox
from weatherapp.models import Delivery, DeliveryState, Place, Rule, Subscription

# Committed for real: what is queued only after the commit would otherwise never be queued.
pytestmark = pytest.mark.django_db(transaction=True)

PLACES = "/admin/weatherapp/place/"
RULES = "/admin/weatherapp/rule/"
DELIVERIES = "/admin/weatherapp/delivery/"
SUBSCRIPTIONS = "/admin/weatherapp/subscription/"


def act(client: Client, page: str, action: str, *rows) -> list[str]:
    """Choose rows and an action; what the page says afterwards."""
    form = {"action": action, "_selected_action": [row.pk for row in rows]}
    answer = client.post(page, form, follow=True)
    assert answer.status_code == 200
    return [str(message) for message in answer.context["messages"]]


def log_in_with(*permissions: str) -> Client:
    user = User.objects.create_user("helper", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("action", "task", "said"),
    [
        ("refresh_now", "refresh_places", "Fetching the weather of Dublin, Cork is queued."),
        ("predict_now", "request_predictions", "Predicting for Dublin, Cork is queued."),
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


def test_rules_are_switched_off_and_on_and_applied(operator, broker):
    place = make_place()
    soon, later = make_rule(place), make_rule(place, name="Rain later", window_hours=24)

    messages = act(operator, RULES, "switch_off", soon, later)

    assert messages == ["Switched off: 2.", "The place's rules are being applied."]
    assert broker.read_queue() == [("evaluate_place", {"place_id": place.pk})]
    assert not Rule.objects.filter(is_active=True).exists()

    act(operator, RULES, "switch_on", soon)

    assert list(Rule.objects.filter(is_active=True)) == [soon]


@pytest.mark.usefixtures("_broker_down")
def test_rule_is_switched_off_even_when_the_broker_is_down(operator):
    rule = make_rule(make_place())

    messages = act(operator, RULES, "switch_off", rule)

    assert "only applied with the next prediction" in messages[-1]
    assert not Rule.objects.get().is_active


def test_edited_rule_is_applied_at_once(operator, broker):
    rule = make_rule(make_place())
    form = {
        "place": rule.place_id,
        "name": rule.name,
        "kind": rule.kind,
        "window_hours": 6,
        "threshold": 0.8,
        "margin": 0.1,
        "is_active": "on",
    }

    operator.post(f"{RULES}{rule.pk}/change/", form)

    assert Rule.objects.get().threshold == 0.8
    assert broker.read_queue() == [("evaluate_place", {"place_id": rule.place_id})]


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


def test_who_may_only_look_cannot_switch_rules(broker):
    act(log_in_with("view_rule"), RULES, "switch_off", make_rule(make_place()))

    assert Rule.objects.get().is_active
    assert broker.read_queue() == []


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
