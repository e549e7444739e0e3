"""What the broker holds after a run, and when places are told of again. The broker is a real one."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    NOON,
    make_alert,
    make_forecast,
    make_prediction,
    make_rule,
)
from tests.mqtt.mosquitto import Mosquitto, read_retained
from tests.mqtt.telling import MINUTE, make_fresh_place, read_state
from weatherapp.models import (
    Alert,
    AlertChange,
    AlertState,
    ChangeReason,
    MqttDevice,
    OutgoingServer,
    Place,
    Tag,
)
from weatherapp.mqtt import workflow
from weatherapp.mqtt.due import REPEATED_AFTER
from weatherapp.mqtt.workflow import publish_due
from weatherapp.publishing import workflow as publishing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("said")]


def end(alert: Alert) -> None:
    Alert.objects.filter(pk=alert.pk).update(state=AlertState.ENDED, ended_at=NOON + MINUTE)
    change = AlertChange.objects.get(alert=alert)
    change.pk = None
    change.old_state, change.new_state = AlertState.FIRING, AlertState.ENDED
    change.reason = ChangeReason.CLEARED
    change.save()


def test_a_place_is_described_and_its_state_is_told(mosquitto):
    place = make_fresh_place(name="Saint-Étienne")

    assert publish_due(now=NOON) == 1

    retained = read_retained(mosquitto.port)
    assert set(retained) == {
        "weather_alerts/status",
        f"homeassistant/device/weather_alerts_{place.pk}/config",
        f"weather_alerts/places/{place.pk}",
    }
    assert retained["weather_alerts/status"] == "online"


def test_nothing_is_said_again_at_once():
    make_fresh_place()

    assert publish_due(now=NOON) == 1
    assert publish_due(now=NOON + MINUTE) == 0


def test_what_did_not_change_is_repeated_before_it_expires(mosquitto):
    make_fresh_place()
    publish_due(now=NOON)

    assert publish_due(now=NOON + REPEATED_AFTER) == 1


def test_what_a_clock_that_was_ahead_published_is_said_again_at_once():
    make_fresh_place()
    publish_due(now=NOON + timedelta(days=1))

    assert publish_due(now=NOON) == 1


def test_a_change_of_an_alert_is_told_with_the_next_tick(mosquitto):
    place, other = make_fresh_place(), make_fresh_place(name="Riga")
    publish_due(now=NOON)
    alert = make_alert(make_rule(place))

    assert publish_due(now=NOON + MINUTE) == 1
    assert read_state(mosquitto, place)["minor"] == "ON"

    end(alert)
    assert publish_due(now=NOON + 2 * MINUTE) == 1
    assert read_state(mosquitto, place)["minor"] == "OFF"
    assert read_state(mosquitto, other)["minor"] == "OFF"


def test_a_headline_that_is_published_later_is_told_later():
    place = make_fresh_place()
    make_forecast(place)
    make_alert(make_rule(place), publish_at=NOON)
    publish_due(now=NOON)

    publishing.publish_due(now=NOON)

    assert publish_due(now=NOON + MINUTE) == 1


def test_new_data_are_told_with_the_next_tick(mosquitto):
    place = make_fresh_place()
    publish_due(now=NOON)
    Place.objects.filter(pk=place.pk).update(fetched_at=NOON + MINUTE)

    assert publish_due(now=NOON + 2 * MINUTE) == 1
    assert read_state(mosquitto, place)["data_at"] == "2026-01-01T12:01:00+00:00"


@pytest.mark.parametrize("way", ["deleted", "inactive", "without the tag"])
def test_a_place_that_is_not_published_any_more_is_taken_back(mosquitto, said, way):
    tag = Tag.objects.create(name="Home")
    said(tags=("home",))
    place, stays = make_fresh_place(), make_fresh_place(name="Riga")
    place.tags.add(tag)
    stays.tags.add(tag)
    publish_due(now=NOON)

    if way == "deleted":
        Place.objects.filter(pk=place.pk).delete()
    elif way == "inactive":
        Place.objects.filter(pk=place.pk).update(is_active=False)
    else:
        place.tags.clear()
    publish_due(now=NOON + MINUTE)

    assert set(read_retained(mosquitto.port)) == {
        "weather_alerts/status",
        f"homeassistant/device/weather_alerts_{stays.pk}/config",
        f"weather_alerts/places/{stays.pk}",
    }
    assert list(MqttDevice.objects.values_list("pk", flat=True)) == [stays.pk]


def test_tags_choose_the_places(mosquitto, said):
    said(tags=("home", "coast"))
    make_fresh_place()
    for name in ("Home", "Coast"):
        place = make_fresh_place(name=name)
        place.tags.add(Tag.objects.create(name=name))
    place.tags.add(Tag.objects.get(name="Home"))  # with both it is one place

    assert publish_due(now=NOON) == 2


def test_a_run_is_bounded_and_the_next_goes_on_with_what_changed_first(mosquitto):
    places = [make_fresh_place(name=f"Place {number}") for number in range(5)]
    assert publish_due(now=NOON, limit=3) == 3
    make_alert(make_rule(places[2]))

    assert publish_due(now=NOON + MINUTE, limit=2) == 2

    assert read_state(mosquitto, places[2])["minor"] == "ON"
    assert publish_due(now=NOON + 2 * MINUTE, limit=2) == 1


def test_a_run_that_has_no_time_left_leaves_the_rest_to_the_next(monkeypatch):
    make_fresh_place()
    monkeypatch.setattr(workflow, "RESERVE_S", 100.0)
    assert workflow.publish_due(now=NOON) == 0

    monkeypatch.undo()
    assert workflow.publish_due(now=NOON + MINUTE) == 1
    assert OutgoingServer.objects.get().failures == 0


def test_the_description_is_said_again_only_when_it_changes(mosquitto):
    place = make_fresh_place()
    publish_due(now=NOON)
    before = MqttDevice.objects.get().config_hash

    publish_due(now=NOON + REPEATED_AFTER)
    assert MqttDevice.objects.get().config_hash == before

    Place.objects.filter(pk=place.pk).update(name="Baile Átha Cliath")
    publish_due(now=NOON + 2 * REPEATED_AFTER)
    config = read_retained(mosquitto.port)[f"homeassistant/device/weather_alerts_{place.pk}/config"]
    assert json.loads(config)["device"]["name"] == "Baile Átha Cliath"


def test_a_broker_that_was_away_is_told_of_what_is_by_then(tmp_path: Path, said):
    broker = Mosquitto(tmp_path)
    said(port=broker.port)
    place = make_fresh_place()
    with broker.running():
        publish_due(now=NOON)
    make_alert(make_rule(place))
    assert publish_due(now=NOON + MINUTE) == 0

    with broker.running():
        assert publish_due(now=NOON + 2 * MINUTE) == 1
        retained = read_retained(broker.port)

    assert json.loads(retained[f"weather_alerts/places/{place.pk}"])["minor"] == "ON"
    assert f"homeassistant/device/weather_alerts_{place.pk}/config" in retained


def test_a_broker_that_fails_is_noted_and_left_alone_for_longer_each_time(said, caplog, free_port):
    said(port=free_port, password="secret")
    make_fresh_place()

    for minute in (0, 1):
        publish_due(now=NOON + minute * MINUTE)

    server = OutgoingServer.objects.get(pk="mqtt")
    assert server.failures == 2
    assert server.last_error.startswith("unreachable: ")
    assert server.open_until == NOON + MINUTE + timedelta(seconds=100)
    assert "MQTT broker failed" in caplog.text
    assert "secret" not in caplog.text
    assert not MqttDevice.objects.exists()


def test_a_broker_that_is_left_alone_is_not_asked(mosquitto):
    make_fresh_place()
    OutgoingServer.objects.create(pk="mqtt", failures=1, open_until=NOON + MINUTE)

    assert publish_due(now=NOON) == 0
    assert read_retained(mosquitto.port) == {}


def test_a_broker_that_answers_again_is_noted(mosquitto):
    OutgoingServer.objects.create(pk="mqtt", failures=3, open_until=NOON)

    publish_due(now=NOON)

    server = OutgoingServer.objects.get(pk="mqtt")
    assert (server.failures, server.open_until, server.last_success_at) == (0, None, NOON)


def test_what_is_asked_of_the_database_does_not_grow_with_the_places():
    rule = make_rule()
    counts = []
    for number in range(20):
        place = make_fresh_place(name=f"Place {number}")
        make_alert(rule, place)
        make_prediction(place)
        if number in (1, 19):
            with CaptureQueriesContext(connection) as queries:
                publish_due(now=NOON)
            counts.append(len(queries))

    assert counts[1] == counts[0]
