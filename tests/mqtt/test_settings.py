"""What the environment says of MQTT."""

from __future__ import annotations

import pytest

from weatheralert import mistakes
from weatheralert.mistakes import Kind
from weatheralert.mqtt_settings import MqttSettings, read_mqtt_settings
from weatherapp import checks

LANGUAGES = ["en", "fr"]


@pytest.fixture
def noted(monkeypatch) -> list[mistakes.Mistake]:
    found: list[mistakes.Mistake] = []
    monkeypatch.setattr(mistakes, "MISTAKES", found)
    return found


@pytest.fixture
def read(monkeypatch, noted):
    def read(**environment: str) -> MqttSettings:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return read_mqtt_settings(LANGUAGES)

    return read


def test_without_an_address_nothing_is_published(read, noted):
    assert not read().is_on
    assert noted == []


@pytest.mark.parametrize(
    ("url", "host", "port", "has_tls"),
    [
        ("mqtt://broker.example.org", "broker.example.org", 1883, False),
        ("mqtts://broker.example.org", "broker.example.org", 8883, True),
        ("mqtts://broker.example.org:443", "broker.example.org", 443, True),
        ("mqtt://[::1]:1884", "::1", 1884, False),
    ],
)
def test_the_address_says_where_and_how(read, noted, url, host, port, has_tls):
    said = read(MQTT_URL=url)

    assert (said.host, said.port, said.has_tls, said.is_on) == (host, port, has_tls, True)
    assert noted == []


def test_user_and_password_may_hold_anything(read):
    said = read(MQTT_URL="mqtt://a%40b:p%2Fw%23@h")

    assert (said.user, said.password) == ("a@b", "p/w#")


@pytest.mark.parametrize(
    "url", ["http://h", "h:1883", "mqtt://", "mqtt://:1883", "mqtt://h:port", "mqtt://u:a/b@h"]
)
def test_an_address_that_cannot_be_is_a_mistake_and_nothing_is_published(read, noted, url):
    assert not read(MQTT_URL=url).is_on
    assert [mistake.kind for mistake in noted] == [Kind.NO_URL]


@pytest.mark.parametrize(
    ("value", "tags"),
    [("", ()), ("all", ()), ("All", ()), ("home, coast", ("home", "coast"))],
)
def test_places_are_all_or_those_with_a_tag(read, value, tags):
    assert read(MQTT_PLACES=value).tags == tags


@pytest.mark.parametrize("topic", ["weather/#", "+", "/weather", "weather/", "we ather", "wetter€"])
def test_a_topic_that_would_mean_more_than_itself_is_a_mistake(read, noted, topic):
    assert read(MQTT_TOPIC=topic).topic == "weather_alerts"
    assert [mistake.kind for mistake in noted] == [Kind.NO_CHOICE]


def test_a_topic_may_have_levels(read, noted):
    assert read(MQTT_TOPIC="home/weather-2").topic == "home/weather-2"
    assert noted == []


def test_names_are_in_a_language_of_the_site(read, noted):
    assert read(MQTT_LANGUAGE="fr").language == "fr"
    assert read(MQTT_LANGUAGE="tlh").language == "en"
    assert [mistake.kind for mistake in noted] == [Kind.NO_CHOICE]


def test_the_password_is_not_shown():
    assert "secret" not in repr(MqttSettings(host="h", password="secret"))


def test_the_client_that_is_not_installed_is_missed_where_it_is_wanted(settings, monkeypatch):
    monkeypatch.setattr(checks, "find_spec", lambda name: None)
    assert checks.check_mqtt() == []

    settings.MQTT = MqttSettings(host="broker.example.org")
    (error,) = checks.check_mqtt()

    assert error.id == "weatherapp.E012"
    assert "requirements/mqtt.txt" in error.hint


def test_the_client_that_is_installed_is_found(settings):
    settings.MQTT = MqttSettings(host="broker.example.org")

    assert checks.check_mqtt() == []
