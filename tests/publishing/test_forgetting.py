"""How long messages stay, and which of them longer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from tests.factories import NOON
from tests.publishing.judges import judge_series, text
from tests.publishing.test_messages import change, raise_alert
from weatherapp.models import Alert, AlertChange, AlertState, ChangeReason, PublishedMessage
from weatherapp.operations.storage import read_storage
from weatherapp.publishing import forgetting
from weatherapp.publishing.decide import LIFE
from weatherapp.publishing.forgetting import forget_old_messages
from weatherapp.publishing.workflow import publish_due

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEPT = settings.KEEP_PUBLISHED


def publish_and_end(name="Dublin", **fields):
    """Two messages: the first expires three hours after NOON, the last two hours after it."""
    alert = raise_alert(name, **fields)
    publish_due(now=NOON)
    change(alert, ChangeReason.CLEARED, NOON + HOUR, state=AlertState.ENDED)
    publish_due(now=NOON + HOUR)
    return alert


def publish_for(alert, hours):
    """One that goes on, confirmed all the time."""
    publish_due(now=NOON)
    for hour in range(1, hours + 1):
        Alert.objects.filter(pk=alert.pk).update(confirmed_until_at=NOON + (hour + 9) * HOUR)
        publish_due(now=NOON + hour * HOUR)


def numbers():
    return list(PublishedMessage.objects.order_by("number").values_list("number", flat=True))


def test_messages_stay_until_the_last_one_has_long_expired(client):
    alert = publish_and_end()
    address = PublishedMessage.objects.first().get_absolute_url()

    assert forget_old_messages(now=NOON + LIFE + KEPT) == 0
    assert client.get(address).status_code == 200
    assert forget_old_messages(now=NOON + LIFE + KEPT + HOUR) == 2
    assert client.get(address).status_code == 404
    assert Alert.objects.get() == alert
    assert AlertChange.objects.count() == 2


def test_what_a_kept_message_refers_to_is_kept_too():
    publish_and_end()
    first, last = PublishedMessage.objects.order_by("number")
    PublishedMessage.objects.filter(pk=last.pk).update(expires_at=NOON + 30 * DAY)

    assert forget_old_messages(now=NOON + KEPT + DAY) == 0
    assert text(judge_series([first.document, last.document])[1], "references")
    assert forget_old_messages(now=NOON + KEPT + 31 * DAY) == 2


def test_an_alert_that_goes_on_loses_its_old_messages_and_counts_on(monkeypatch):
    alert = raise_alert()
    publish_for(alert, hours=12)
    before = numbers()
    newest = PublishedMessage.objects.order_by("number").last()
    now = newest.sent_at + KEPT + HOUR  # the last two or three have not expired for so long

    assert 0 < forget_old_messages(now=now) < len(before)
    kept = numbers()
    assert kept == before[-len(kept) :]
    forget_old_messages(now=now + 50 * DAY)
    assert numbers() == before[-1:]

    Alert.objects.update(confirmed_until_at=now + 99 * DAY, publish_at=now)
    change(alert, ChangeReason.ESCALATED, now, severity="Extreme")
    publish_due(now=now)
    assert numbers() == [before[-1], before[-1] + 1]


def test_an_alert_that_something_is_still_to_be_said_of_keeps_its_last_message():
    alert = publish_and_end()
    Alert.objects.filter(pk=alert.pk).update(publish_at=NOON)

    assert forget_old_messages(now=NOON + KEPT + 9 * DAY) == 1
    assert numbers() == [2]


def test_as_much_as_fits_the_time_goes_and_the_next_call_goes_on(monkeypatch):
    monkeypatch.setattr(forgetting, "BATCH", 3)
    for number in range(4):
        publish_and_end(f"Place {number}", rule=f"Rule {number}")
    now = NOON + KEPT + DAY

    assert forget_old_messages(now=now, is_time_up=lambda: True) == 3
    assert forget_old_messages(now=now, is_time_up=lambda: True) == 3
    assert forget_old_messages(now=now) == 2
    assert forget_old_messages(now=now) == 0


def test_the_operator_says_how_long(settings):
    publish_and_end()
    settings.KEEP_PUBLISHED = 3 * DAY

    assert forget_old_messages(now=NOON + 4 * DAY) == 2


def test_messages_count_as_what_places_take():
    publish_and_end()

    (table,) = [
        table for table in read_storage().tables if table.name == "weatherapp_publishedmessage"
    ]

    assert (table.rows, table.is_of_places) == (2, True)
    assert table.place_bytes(1) > 0
