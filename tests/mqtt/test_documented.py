"""docs/home-assistant.md: its snippets are read, and its addresses and topics asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
import yaml
from django.utils import timezone
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tests import ROOT
from tests.factories import NOON, make_alert, make_forecast, make_place, make_rule, storm_gusts
from tests.mqtt.mosquitto import read_retained
from tests.mqtt.test_discovery import describe
from weatherapp.models import Alert
from weatherapp.mqtt.workflow import publish_due
from weatherapp.publishing import workflow as publishing

SITE = "https://weather.example.org"
TEXT = (ROOT / "docs" / "home-assistant.md").read_text()
SNIPPETS = [
    yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```", TEXT, re.M | re.S)
]
ENTITY = re.compile(r"\b(?:binary_sensor|sensor)\.dublin_\w+")
# https://www.home-assistant.io/integrations/rest/ and the pages of its sensors
REST = {"resource", "scan_interval", "sensor", "binary_sensor"}
REST_SENSOR = {"name", "unique_id", "state_class", "device_class", "value_template"}


def walk(value: object) -> Iterator[str]:
    """Every text in it, keys too."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from walk(key)
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)
    else:
        yield str(value)


def list_resources() -> list[dict]:
    return [resource for snippet in SNIPPETS for resource in snippet.get("rest", [])]


def render(template: str, **values: object) -> str:
    return ImmutableSandboxedEnvironment().from_string(template).render(**values)


@pytest.fixture
def place(db, monkeypatch):
    """Number 12, with two alerts that were published, the worse one later."""
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    place = make_place(pk=12, fetched_at=NOON)
    make_forecast(place)
    make_alert(make_rule(place), publish_at=NOON)
    make_alert(
        make_rule(place, name="Gale", says=storm_gusts()), severity="Severe", publish_at=NOON
    )
    publishing.publish_due(now=NOON)
    return place


def ask(client, url: str):
    return client.get(url.removeprefix(SITE), headers={"host": "testserver"})


def read_values(client) -> dict[str, str]:
    """What the sensors of the REST snippet show, by name."""
    return {
        sensor["name"]: render(
            sensor["value_template"],
            value_json=json.loads(ask(client, resource["resource"]).content),
        )
        for resource in list_resources()
        for sensor in (*resource.get("sensor", []), *resource["binary_sensor"])
    }


def test_every_address_of_the_site_answers(client, place):
    addresses = set(re.findall(rf"{SITE}/[\w./?=-]*", TEXT)) - {f"{SITE}/alerts/7-gale-dublin/"}
    queries = set(re.findall(r"`(\?[a-z]+=\w+)`", TEXT))

    assert len(addresses) >= 4
    assert queries == {"?severity=severe", "?tag=coast", "?place=12", "?lang=fr"}
    for address in (*addresses, *(f"{SITE}/feeds/alerts.geojson{query}" for query in queries)):
        assert ask(client, address).status_code in (200, 503), address


def test_rest_sensors_read_what_the_site_answers(client, place):
    values = read_values(client)

    assert values["Dublin alerts"] == "2"
    assert values["Dublin worst alert"].startswith("Severe: Gale, Dublin")
    assert values["Dublin severity"] == "Severe"
    assert values["Dublin severe weather"] == "True"
    assert values["Weather alerts, problem"] == "True"  # nothing works in a test


def test_rest_sensors_show_that_there_is_no_alert(client, place):
    Alert.objects.all().delete()

    values = read_values(client)

    assert values["Dublin alerts"] == "0"
    assert values["Dublin worst alert"] == values["Dublin severity"] == "none"
    assert values["Dublin severe weather"] == "False"


def test_rest_sensors_say_what_home_assistant_knows():
    assert len(list_resources()) == 2
    for resource in list_resources():
        assert set(resource) <= REST
        for sensor in (*resource.get("sensor", []), *resource["binary_sensor"]):
            assert set(sensor) <= REST_SENSOR
            assert set(sensor) >= {"name", "value_template"}


def test_automations_are_whole():
    automations = [one for snippet in SNIPPETS for one in snippet.get("automation", [])]

    assert len(automations) == 5
    for automation in automations:
        assert set(automation) <= {"alias", "triggers", "conditions", "actions"}
        assert all(trigger["trigger"] for trigger in automation["triggers"])
        assert all(action["action"] for action in automation["actions"])
        for trigger in automation["triggers"]:
            assert not {True, False} & {trigger.get("from"), trigger.get("to")}  # unquoted off, on


def test_entities_that_it_names_are_those_of_the_device():
    described = {said["default_entity_id"] for said in describe()["components"].values()}
    in_snippets = {found for text in walk(SNIPPETS) for found in ENTITY.findall(text)}

    assert set(ENTITY.findall(TEXT)) == described
    assert len(in_snippets) >= 4


def test_the_state_that_it_shows_is_one(mosquitto, said, place):
    (block,) = re.findall(r"^```json\n(.*?)^```", TEXT, re.M | re.S)
    shown = json.loads(block)

    publish_due(now=NOON)

    retained = read_retained(mosquitto.port)
    state = json.loads(retained["weather_alerts/places/12"])
    assert list(state) == list(shown)
    assert list(state["alerts"][0]) == list(shown["alerts"][0])
    assert all(f"`{topic}`" in TEXT for topic in retained)


def test_messages_of_automations_read_what_the_broker_was_told(mosquitto, said, place):
    publish_due(now=NOON)
    state = json.loads(read_retained(mosquitto.port)["weather_alerts/places/12"])
    (message,) = [text for text in walk(SNIPPETS) if "'alerts'" in text]

    shown = render(message, state_attr=lambda entity, name: state[name])

    assert shown == state["alerts"][0]["headline"]
