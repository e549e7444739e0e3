"""A broker, and a site that is told of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.mqtt.mosquitto import Mosquitto
from tests.system.site import free_port as find_free_port
from weatheralert.mqtt_settings import MqttSettings


@pytest.fixture
def mosquitto(tmp_path):
    broker = Mosquitto(tmp_path)
    with broker.running():
        yield broker


@pytest.fixture
def said(settings, mosquitto):
    """Changes the settings of MQTT."""

    def say(**changes):
        settings.MQTT = replace(settings.MQTT, **changes)

    settings.MQTT = MqttSettings(host="127.0.0.1", port=mosquitto.port)
    return say


@pytest.fixture
def free_port():
    return find_free_port()
