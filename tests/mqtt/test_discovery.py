"""How Home Assistant reads what it is told: by its documentation, and by Jinja, as it does."""

from __future__ import annotations

import json
import re

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tests.factories import NOON, make_alert, make_place, make_prediction, make_rule, storm_gusts
from tests.mqtt.mosquitto import read_retained
from tests.mqtt.telling import make_fresh_place
from weatherapp.mqtt.discovery import ENTITIES, EXPIRES_S, Described, Topics, describe_device
from weatherapp.mqtt.due import REPEATED_AFTER
from weatherapp.mqtt.workflow import publish_due

# https://www.home-assistant.io/integrations/sensor.mqtt/ and binary_sensor.mqtt/
OF_BOTH = {
    "platform", "name", "unique_id", "default_entity_id", "device_class", "value_template",
    "availability", "availability_mode", "expire_after", "json_attributes_topic",
    "json_attributes_template", "icon", "entity_category",
}  # fmt: skip
OF_SENSORS = {"state_class", "unit_of_measurement", "options", "suggested_display_precision"}
DEVICE = {"identifiers", "name", "manufacturer", "configuration_url"}


def describe(name: str = "Dublin", number: int = 12, topics: Topics | None = None) -> dict:
    names = {entity.key: entity.key.title() for entity in ENTITIES}
    place = Described(number, name, f"https://weather.example.org/places/{number}/", names)
    topics = topics or Topics("weather_alerts", "homeassistant")
    return describe_device(place, topics, site_name="Weather alerts")


def render(template: str, payload: str) -> str:
    """What Home Assistant makes of it; `None` is a value that is not known."""
    environment = ImmutableSandboxedEnvironment()
    return environment.from_string(template).render(value_json=json.loads(payload), value=payload)


def test_only_documented_options_are_said():
    config = describe()

    assert set(config) == {"device", "origin", "state_topic", "qos", "components"}
    assert set(config["device"]) == DEVICE
    assert set(config["origin"]) == {"name", "support_url"}
    for said in config["components"].values():
        assert set(said) <= OF_BOTH | (OF_SENSORS if said["platform"] == "sensor" else set())


def test_ids_are_of_numbers_that_stay_and_differ():
    before, after = describe("Dublin"), describe("Baile Átha Cliath")
    ids = [said["unique_id"] for said in before["components"].values()]

    assert ids == [said["unique_id"] for said in after["components"].values()]
    assert (
        before["device"]["identifiers"] == after["device"]["identifiers"] == ["weather_alerts_12"]
    )
    assert len(set(ids)) == len(ENTITIES)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Saint-Étienne", "saint_etienne"),
        ("St. John's (Antigua)", "st_john_s_antigua"),
        ("東京", "weather_alerts_12"),
        ("  ", "weather_alerts_12"),
    ],
)
def test_entities_are_called_after_the_place(name, expected):
    said = describe(name)["components"]["severe"]

    assert said["default_entity_id"] == f"binary_sensor.{expected}_severe"


def test_topics_hold_what_home_assistant_takes():
    topics = Topics("home/weather", "ha/discovery")

    assert topics.config(12) == "ha/discovery/device/home_weather_12/config"
    assert re.fullmatch(r"[a-zA-Z0-9_-]+", topics.device(12))
    assert describe(topics=topics)["state_topic"] == "home/weather/places/12"


def test_entities_outlive_a_repetition_that_was_missed_and_no_more():
    said = describe()["components"]
    expires = {key: entity.get("expire_after") for key, entity in said.items()}

    assert expires.pop("data_at") is None  # it says how old they are
    assert set(expires.values()) == {EXPIRES_S}
    assert 2 * REPEATED_AFTER.total_seconds() < EXPIRES_S


@pytest.mark.django_db
@pytest.mark.usefixtures("said")
class TestOnTheBroker:
    def test_every_template_reads_the_state(self, mosquitto):
        place = make_fresh_place()
        make_prediction(place, probability_any_6h=0.421, probability_any_24h=0.8)
        alert = make_alert(make_rule(place, says=storm_gusts()), severity="Moderate")
        publish_due(now=NOON)

        config, state = self.read(mosquitto, place)

        assert self.show(config, state) == {
            "minor": "ON",
            "moderate": "ON",
            "severe": "OFF",
            "extreme": "OFF",
            "severity": "moderate",
            "alert_count": "1",
            "precipitation_probability_6h": "42.1",
            "precipitation_probability_24h": "80.0",
            "data_at": "2026-01-01T11:50:00+00:00",
        }
        attributes = json.loads(
            render(config["components"]["severity"]["json_attributes_template"], state)
        )
        assert attributes["alerts"][0]["id"] == str(alert.public_id)
        assert attributes["status"] == "Test"

    def test_without_data_all_but_their_age_is_unavailable(self, mosquitto):
        place = make_place()
        publish_due(now=NOON)

        config, state = self.read(mosquitto, place)

        assert set(self.show(config, state).values()) == {"unavailable", "None"}
        assert [
            key for key, shown in self.show(config, state).items() if shown != "unavailable"
        ] == ["data_at"]

    def test_names_are_in_the_operators_language(self, mosquitto, said):
        place = make_fresh_place()
        publish_due(now=NOON)
        said(language="fr")
        publish_due(now=NOON + REPEATED_AFTER)

        config, _ = self.read(mosquitto, place)

        assert config["components"]["alert_count"]["name"] == "Alertes en vigueur"
        assert all(entity["name"] for entity in config["components"].values())

    def read(self, mosquitto, place) -> tuple[dict, str]:
        retained = read_retained(mosquitto.port)
        config = json.loads(retained[f"homeassistant/device/weather_alerts_{place.pk}/config"])
        return config, retained[config["state_topic"]]

    def show(self, config: dict, state: str) -> dict[str, str]:
        """As Home Assistant shows each while the site is online."""
        return {
            key: render(entity["value_template"], state)
            if all(
                render(where["value_template"], state) == "online"
                for where in entity["availability"]
                if where["topic"] == config["state_topic"]
            )
            else "unavailable"
            for key, entity in config["components"].items()
        }
