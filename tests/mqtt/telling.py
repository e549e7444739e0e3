"""Places, and what the broker holds of them."""

from __future__ import annotations

import json
from datetime import timedelta

from tests.factories import NOON, make_place
from tests.mqtt.mosquitto import Mosquitto, read_retained
from weatherapp.models import Place

MINUTE = timedelta(minutes=1)


def make_fresh_place(**fields) -> Place:
    return make_place(**({"fetched_at": NOON - 10 * MINUTE} | fields))


def read_state(mosquitto: Mosquitto, place: Place) -> dict:
    return json.loads(read_retained(mosquitto.port)[f"weather_alerts/places/{place.pk}"])


def read_levels(mosquitto: Mosquitto, place: Place) -> dict:
    state = read_state(mosquitto, place)
    return {name: state[name] for name in ("minor", "moderate", "severe", "extreme")}
