"""The tick, and what /health says of the broker."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import ROOT
from tests.factories import NOON
from tests.mqtt.mosquitto import read_retained
from tests.mqtt.telling import MINUTE, make_fresh_place
from weatheralert.mqtt_settings import MqttSettings
from weatherapp import tasks
from weatherapp.health import texts
from weatherapp.health.checks_of_work import check_mqtt, check_work
from weatherapp.health.facts import read_work
from weatherapp.health.findings import Level
from weatherapp.health.heartbeat import is_cycle_good
from weatherapp.models import OutgoingServer, TickRun
from weatherapp.mqtt.workflow import publish_due

pytestmark = pytest.mark.django_db


def test_each_tick_tells_the_broker(mosquitto, said, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    place = make_fresh_place()

    tasks.publish_mqtt()

    assert f"weather_alerts/places/{place.pk}" in read_retained(mosquitto.port)


def test_without_a_broker_the_tick_does_nothing_and_loads_no_client():
    program = (
        "import django, sys; django.setup(); from weatherapp import mqtt_tasks as door\n"
        "from weatherapp.health.ticks import known_paces\n"
        "door.publish_mqtt.run.__wrapped__()\n"
        "assert 'publish_mqtt' in known_paces() and 'paho' not in sys.modules"
    )
    environment = {
        "SECRET_KEY": "tests-only",
        "ALLOWED_HOSTS": "localhost",
        "DATABASE_URL": "sqlite://:memory:",
        "DJANGO_SETTINGS_MODULE": "weatheralert.settings",
    }

    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, check=True)


def test_a_broker_that_fails_fails_no_tick(settings, free_port):
    settings.MQTT = MqttSettings(host="127.0.0.1", port=free_port)

    tasks.publish_mqtt()

    assert TickRun.objects.get(pk="publish_mqtt").error == ""
    assert OutgoingServer.objects.get(pk="mqtt").failures == 1


def test_health_names_the_problem_and_no_host(settings, free_port):
    settings.MQTT = MqttSettings(host="127.0.0.1", port=free_port)
    publish_due(now=NOON)
    assert list(check_mqtt(read_work(NOON))) == []  # a broker may begin again

    publish_due(now=NOON + MINUTE)

    (finding,) = check_mqtt(read_work(NOON))
    assert finding.level is Level.DEGRADED
    assert texts.describe(finding) == (
        "The MQTT broker failed 2 times in a row (unreachable); what is published there grows old."
    )


def test_a_broker_that_is_not_wanted_any_more_is_no_finding(settings):
    OutgoingServer.objects.create(pk="mqtt", failures=9, last_failure_at=NOON - timedelta(days=9))

    assert list(check_mqtt(read_work(NOON))) == []


def test_it_only_tells_others_and_stops_no_heartbeat(settings, free_port):
    settings.MQTT = MqttSettings(host="127.0.0.1", port=free_port)
    for minute in range(3):
        publish_due(now=NOON + minute * 10 * MINUTE)

    work = read_work(NOON + timedelta(hours=1))

    assert [finding.code for finding in check_work(work)] == ["mqtt_failing"]
    assert is_cycle_good(work)
