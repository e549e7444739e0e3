"""Where places and their alerts are published by MQTT, for Home Assistant and others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from weatheralert.environment import address, choice, text, words
from weatheralert.mistakes import Kind, note

PORTS = {"mqtt": 1883, "mqtts": 8883}
NOWHERE = "mqtt:"
# A level of a topic holds anything but what has a meaning there; Home Assistant wants less of an id.
TOPIC = re.compile(r"[\w-]+(/[\w-]+)*", re.ASCII)


@dataclass(frozen=True, slots=True)
class MqttSettings:
    """`host` empty: nothing is published. `tags` empty: all places, else those with one of them."""

    host: str = ""
    port: int = PORTS["mqtt"]
    user: str = ""
    password: str = ""
    has_tls: bool = False
    ca_file: str = ""  # empty: the system's authorities
    tags: tuple[str, ...] = ()
    topic: str = "weather_alerts"
    discovery_topic: str = "homeassistant"
    language: str = "en"

    @property
    def is_on(self) -> bool:
        return bool(self.host)

    def __repr__(self) -> str:
        """It may land in a traceback: without the password."""
        return f"MqttSettings({self.host}:{self.port}, {self.topic})"


def read_mqtt_settings(languages: list[str]) -> MqttSettings:
    tags = words("MQTT_PLACES")
    return MqttSettings(
        **address("MQTT_URL", NOWHERE, _take_apart, tuple(PORTS)),
        ca_file=text("MQTT_CA_FILE", ""),
        tags=() if [tag.lower() for tag in tags] == ["all"] else tuple(tags),
        topic=_read_topic("MQTT_TOPIC", "weather_alerts"),
        discovery_topic=_read_topic("MQTT_DISCOVERY_TOPIC", "homeassistant"),
        language=choice("MQTT_LANGUAGE", languages[0], languages),
    )


def _take_apart(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if not parts.hostname and url != NOWHERE:
        raise ValueError("no host")
    return {
        "host": parts.hostname or "",
        "port": parts.port or PORTS[parts.scheme],
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "has_tls": parts.scheme == "mqtts",
    }


def _read_topic(name: str, default: str) -> str:
    topic = text(name, default)
    if TOPIC.fullmatch(topic):
        return topic
    way_out = "Letters, digits, - and _, with / between levels and none at the ends."
    note(Kind.NO_CHOICE, f"{name} cannot be a topic: {topic!r}.", way_out)
    return default
