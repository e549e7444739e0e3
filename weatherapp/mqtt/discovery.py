"""What Home Assistant is told of a place: one device, whose entities all read one topic. Pure.

Its form: https://www.home-assistant.io/integrations/mqtt/#device-discovery-payload
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from weatherapp.domain.cap import LEVELS

# Twice missed and once more: then what was said of a place counts no longer.
EXPIRES_S = 45 * 60
NOT_OF_AN_ID = re.compile(r"[^a-z0-9]+")
HEADLINES = "{{ {'alerts': value_json.alerts, 'status': value_json.status} | tojson }}"


@dataclass(frozen=True, slots=True)
class Entity:
    """`key`: its name in the state, and in its ids, which stay for ever. `options`: as documented."""

    platform: str
    key: str
    options: Mapping[str, Any]
    value: str = ""  # a template; empty: the state as it is
    is_kept: bool = False  # it stays when the place's data are old: it says how old


LEVEL_ENTITIES = tuple(
    Entity("binary_sensor", level.value.lower(), {"device_class": "safety"}) for level in LEVELS
)
ENTITIES = (
    *LEVEL_ENTITIES,
    Entity(
        "sensor",
        "severity",
        {
            "device_class": "enum",
            "options": ["none", *(level.value.lower() for level in LEVELS)],
            "json_attributes_template": HEADLINES,
        },
    ),
    Entity("sensor", "alert_count", {"state_class": "measurement"}),
    *(
        Entity(
            "sensor",
            key,
            {
                "state_class": "measurement",
                "unit_of_measurement": "%",
                "icon": "mdi:weather-rainy",
                "suggested_display_precision": 0,
            },
            value=f"{{{{ none if value_json.{key} is none else (value_json.{key} * 100) | round(1) }}}}",
        )
        for key in ("precipitation_probability_6h", "precipitation_probability_24h")
    ),
    Entity(
        "sensor",
        "data_at",
        {"device_class": "timestamp", "entity_category": "diagnostic"},
        is_kept=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Topics:
    """`site`: the first level or levels of all of this site's; `discovery`: Home Assistant's prefix."""

    site: str
    discovery: str

    @property
    def node(self) -> str:
        """The site's part of ids, for which `/` is not allowed."""
        return self.site.replace("/", "_")

    @property
    def status(self) -> str:
        return f"{self.site}/status"

    def device(self, place_id: int) -> str:
        return f"{self.node}_{place_id}"

    def state(self, place_id: int) -> str:
        return f"{self.site}/places/{place_id}"

    def config(self, place_id: int) -> str:
        return f"{self.discovery}/device/{self.device(place_id)}/config"


@dataclass(frozen=True, slots=True)
class Described:
    """A place. `names`: of its entities, by key."""

    place_id: int
    name: str
    url: str
    names: Mapping[str, str]


def describe_device(place: Described, topics: Topics, *, site_name: str) -> dict[str, Any]:
    device = topics.device(place.place_id)
    return {
        "device": {
            "identifiers": [device],
            "name": place.name,
            "manufacturer": site_name,
            "configuration_url": place.url,
        },
        "origin": {"name": site_name, "support_url": place.url},
        "state_topic": topics.state(place.place_id),
        "qos": 1,
        "components": {
            entity.key: _describe_entity(entity, place, topics, device) for entity in ENTITIES
        },
    }


def _describe_entity(
    entity: Entity, place: Described, topics: Topics, device: str
) -> dict[str, Any]:
    """Its id in Home Assistant is of the place's name; where that is taken, a number follows."""
    state = topics.state(place.place_id)
    said: dict[str, Any] = {
        "platform": entity.platform,
        "unique_id": f"{device}_{entity.key}",
        "default_entity_id": f"{entity.platform}.{_to_id(place.name) or device}_{entity.key}",
        "name": place.names[entity.key],
        "value_template": entity.value or f"{{{{ value_json.{entity.key} }}}}",
        "availability_mode": "all",
        "availability": [{"topic": topics.status}, _available(state, entity.key)],
        **entity.options,
    }
    if entity.is_kept:
        said["availability"] = [{"topic": topics.status}]
    else:
        said["expire_after"] = EXPIRES_S
    if "json_attributes_template" in entity.options:
        said["json_attributes_topic"] = state
    return said


def _available(topic: str, key: str) -> dict[str, str]:
    """What is not known is null in the state: such an entity is unavailable, which is not "off"."""
    template = f"{{{{ 'offline' if value_json.{key} is none else 'online' }}}}"
    return {"topic": topic, "value_template": template}


def _to_id(name: str) -> str:
    """`Saint-Étienne` is saint_etienne; empty where no letter has a Latin form."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return NOT_OF_AN_ID.sub("_", plain).strip("_")
