"""What is due -> messages that the broker retains -> rows that say what it holds.

A row is written when the broker has answered for all of it. What is cut off before is said again,
which changes nothing; and what a broker that was away has missed it is told as it is by then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha1
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from weatherapp.display.reader import shown_to
from weatherapp.domain.units import Units
from weatherapp.models import MqttDevice, Place
from weatherapp.mqtt import rest
from weatherapp.mqtt.broker import Broker, BrokerError, Link, Message, connected
from weatherapp.mqtt.discovery import (
    ENTITIES,
    EXPIRES_S,
    Described,
    Topics,
    describe_device,
)
from weatherapp.mqtt.due import find_due, read_marks
from weatherapp.mqtt.state import read_states

MOST_A_RUN = 1000  # places; the next tick goes on
AT_ONCE = 50
RESERVE_S = 8.0  # with less nothing more is begun: a slow broker is no broken one


def publish_due(*, now: datetime, limit: int = MOST_A_RUN) -> int:
    """How many places the broker was told of. Safe to call twice; a failure is noted, not raised."""
    if rest.is_resting(now):
        return 0
    told = 0
    try:
        with connected(_find_broker()) as link:
            if not link.is_remembered:
                MqttDevice.objects.forget_sent()
            due = find_due(now=now, limit=limit)
            _take_back(link, due.gone)
            names = write_names()
            for start in range(0, len(due.told), AT_ONCE):
                if link.left_s < RESERVE_S:
                    break
                told += _tell(link, due.told[start : start + AT_ONCE], names, now)
    except BrokerError as error:
        rest.note_failure(error, now=now)
    else:
        rest.note_success(now)
    return told


def find_topics() -> Topics:
    return Topics(settings.MQTT.topic, settings.MQTT.discovery_topic)


def write_names() -> dict[str, str]:
    """Of the entities, by key, in the operator's language."""
    with shown_to(language=settings.MQTT.language, units=Units()):
        return {
            entity.key: render_to_string("mqtt/name.txt", {"key": entity.key}).strip()
            for entity in ENTITIES
        }


def _find_broker() -> Broker:
    said, topics = settings.MQTT, find_topics()
    return Broker(
        host=said.host,
        port=said.port,
        client_id=f"{topics.node}_publisher",
        status_topic=topics.status,
        user=said.user,
        password=said.password,
        has_tls=said.has_tls,
        ca_file=said.ca_file,
    )


def _take_back(link: Link, place_ids: Sequence[int]) -> None:
    """Home Assistant removes a device whose description becomes empty."""
    topics = find_topics()
    for place_id in place_ids:
        link.publish(Message(topics.config(place_id), ""))
        link.publish(Message(topics.state(place_id), ""))
    link.flush()
    MqttDevice.objects.filter(pk__in=place_ids).delete()


def _tell(link: Link, place_ids: Sequence[int], names: Mapping[str, str], now: datetime) -> int:
    marks, topics = read_marks(), find_topics()
    held = dict(MqttDevice.objects.filter(pk__in=place_ids).values_list("pk", "config_hash"))
    places = list(Place.objects.filter(pk__in=place_ids))
    states = read_states(places, now=now)
    rows = []
    for place in places:
        config = _write(_describe(place, names, topics))
        config_hash = _hash(config, now)
        if held.get(place.pk) != config_hash:
            link.publish(Message(topics.config(place.pk), config))
        link.publish(Message(topics.state(place.pk), _write(states[place.pk]), EXPIRES_S))
        rows.append(
            MqttDevice(
                place_id=place.pk,
                config_hash=config_hash,
                change_id=marks.change_id,
                message_id=marks.message_id,
                published_at=now,
            )
        )
    link.flush()
    MqttDevice.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["place_id"],
        update_fields=["config_hash", "change_id", "message_id", "published_at"],
    )
    return len(rows)


def _describe(place: Place, names: Mapping[str, str], topics: Topics) -> dict[str, Any]:
    url = settings.SITE_URL + place.get_absolute_url()
    described = Described(place.pk, place.name, url, names)
    return describe_device(described, topics, site_name=settings.SITE_NAME)


def _hash(config: str, now: datetime) -> str:
    """Another one each day: a broker that went back to an older state of its own learns it again."""
    return sha1(f"{now:%Y-%m-%d} {config}".encode(), usedforsecurity=False).hexdigest()


def _write(payload: Mapping[str, Any]) -> str:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
