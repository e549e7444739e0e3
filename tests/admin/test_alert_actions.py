"""An operator cancels alerts: with a note, once, and subscribers are told."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from tests.admin.acting import act, choose, log_in_with
from tests.factories import make_alert, make_place, make_rule, make_subscription
from weatherapp.models import Alert, AlertState, Delivery

pytestmark = pytest.mark.django_db(transaction=True)

ALERTS = "/admin/weatherapp/alert/"


@pytest.fixture
def alert() -> Alert:
    place = make_place()
    make_subscription(place)
    return make_alert(make_rule(place))


def test_a_note_is_asked_for_first(operator, broker, alert):
    page = choose(operator, ALERTS, "cancel", alert)

    text = page.content.decode()
    assert "1 open alert will be cancelled" in text
    assert "Rain soon, Dublin" in text
    assert "is required" not in text
    assert Alert.objects.get().is_open


def test_an_alert_is_cancelled_with_its_note_and_told_once(operator, broker, alert):
    note = "Sensor was hosed down <b>by mistake</b>"

    messages = act(operator, ALERTS, "cancel", alert, confirmed="yes", note=note)

    alert.refresh_from_db()
    change = alert.changes.last()
    assert messages == ["Cancelled: 1.", "Subscribers are being told."]
    assert (alert.state, change.reason, change.note) == (AlertState.CANCELLED, "CANCELLED", note)
    assert Delivery.objects.get().change == change
    assert broker.read_queue("outgoing") == [("send_mails", {})]
    assert note in LogEntry.objects.get().change_message
    assert "&lt;b&gt;by mistake" in operator.get(f"{ALERTS}{alert.pk}/change/").content.decode()


def test_how_many_will_be_told_is_said_before(operator, broker, alert):
    galway = make_place(name="Galway")
    other = make_alert(make_rule(galway))
    over = make_alert(make_rule(make_place(name="Cork"), name="Over"))
    for place in (alert.place, galway, over.place):
        make_subscription(place, email="Second@example.org")
        make_subscription(place, email="asked@example.org", confirmed_at=None)
    act(operator, ALERTS, "cancel", over, confirmed="yes", note="First")

    page = choose(operator, ALERTS, "cancel", alert, other, over).content.decode()
    nobody = choose(operator, ALERTS, "cancel", over).content.decode()

    assert "At most 2 subscribers will be told (e-mails: 3)." in page
    assert "will be told" not in nobody


def test_where_nobody_subscribes_nobody_is_told(operator, broker, alert):
    alert.place.subscriptions.all().delete()

    page = choose(operator, ALERTS, "cancel", alert).content.decode()

    assert "Nobody subscribes there: nobody will be told." in page


@pytest.mark.parametrize(
    ("note", "words"),
    [("", "is required"), ("   ", "is required"), ("x" * 501, "at most 500")],
    ids=["none", "blank", "too long"],
)
def test_without_a_right_note_nothing_is_cancelled(operator, broker, alert, note, words):
    page = choose(operator, ALERTS, "cancel", alert, confirmed="yes", note=note)

    assert words in page.content.decode()
    assert Alert.objects.get().is_open
    assert broker.read_queue() == []


def test_what_is_over_stays_over(operator, broker, alert):
    act(operator, ALERTS, "cancel", alert, confirmed="yes", note="First")

    messages = act(operator, ALERTS, "cancel", alert, confirmed="yes", note="Second")

    assert messages == ["Over already, and left as they were: 1."]
    assert alert.changes.count() == 2
    assert alert.changes.last().note == "First"
    assert Delivery.objects.count() == 1


@pytest.mark.usefixtures("_broker_down")
def test_an_alert_is_cancelled_even_when_the_broker_is_down(operator, alert):
    messages = act(operator, ALERTS, "cancel", alert, confirmed="yes", note="Why")

    assert "told when the queue is back" in messages[-1]
    assert Alert.objects.get().state == AlertState.CANCELLED
    assert Delivery.objects.count() == 1


def test_too_many_at_once_are_refused(operator, broker, monkeypatch):
    monkeypatch.setattr("weatherapp.admin.alerts_cancel.MOST_ALERTS", 1)
    alerts = [make_alert(make_rule(make_place(name=name))) for name in ("Cork", "Galway")]

    messages = act(operator, ALERTS, "cancel", *alerts, confirmed="yes", note="Why")

    assert messages == ["Nothing was cancelled: choose at most 1 at once."]
    assert all(one.is_open for one in Alert.objects.all())


def test_only_an_open_alerts_page_offers_to_cancel(operator, broker, alert):
    page = f"{ALERTS}{alert.pk}/change/"
    assert "Cancel with a note" in operator.get(page).content.decode()

    act(operator, ALERTS, "cancel", alert, confirmed="yes", note="Why")

    assert "Cancel with a note" not in operator.get(page).content.decode()


def test_who_may_only_look_cannot_cancel(broker, alert):
    helper = log_in_with("view_alert")

    act(helper, ALERTS, "cancel", alert, confirmed="yes", note="Why")

    assert Alert.objects.get().is_open
    assert "Cancel with a note" not in helper.get(f"{ALERTS}{alert.pk}/change/").content.decode()
