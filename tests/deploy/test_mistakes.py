"""What the environment says that cannot be is told all at once, by variable, with a way out."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys

import pytest

from tests import ROOT
from weatheralert import environment, mistakes
from weatheralert.checks import check_environment
from weatheralert.mistakes import Kind
from weatherapp import checks

# Every kind once, as a careless night would have it.
SPOILED = {
    "SECRET_KEY": "",
    "ALLOWED_HOSTS": ",",
    "DATABASE_URL": "mysqueal://u:hunter2@h/x",
    "EMAIL_URL": "smtp://u:hunter2/hunter2@mail:25",
    "REDIS_URL": "https://hunter2.example.org",
    "MQTT_URL": "mqtt://u:hunter2/hunter2@h",
    "MQTT_TOPIC": "weather/#",
    "PREDICTION_EXPIRES_SECONDS": "an hour",
    "ALERT_EXPIRES_HOURS": "0",
    "WEATHER_SOURCE": "crystal_ball",
    "LOG_LEVEL": "LOUD",
    "LOG_FORMAT": "xml",
    "PREDICTOR_RUNTIME": "abacus",
    "PREDICTOR_IDLE_SECONDS": "never",
    "MEMORY_LIMIT_MB": "512M",
    "DEBUG": "ture",
    "HEARTBEAT_URL": "hc-ping.example.org/hunter2",
    "SITE_URL": "weather.example.org",
    "DEFAULT_FROM_EMAIL": "Weather alerts",
    "MAIL_LIMIT_SECONDS": "5",
    "METRICS_NETWORKS": "10.0.0.0/8, the office",
    "METRICS_TOKEN": "hunter2",
}


@pytest.fixture
def noted(monkeypatch) -> list[mistakes.Mistake]:
    """What is read in a test is noted here."""
    found: list[mistakes.Mistake] = []
    monkeypatch.setattr(mistakes, "MISTAKES", found)
    monkeypatch.setattr("weatheralert.checks.MISTAKES", found)
    return found


def run(words: list[str], folder, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={"VAR_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["manage.py", "check"], id="check"),
        pytest.param(["manage.py", "migrate"], id="another command"),
        pytest.param(["-c", "import weatheralert.wsgi"], id="web"),
        pytest.param(["-c", "from weatherapp import tasks"], id="worker"),
    ],
)
def test_every_process_names_all_mistakes_at_once_and_shows_no_password(tmp_path, words):
    settings = {"DJANGO_SETTINGS_MODULE": "weatheralert.settings"}
    done = run(words, tmp_path, SPOILED | settings)

    told = set(re.findall(r"weatheralert\.E(\d+)\W+([A-Z_]+)", done.stderr))
    assert done.returncode != 0
    assert {name for _, name in told} == set(SPOILED)
    assert {int(number) for number, _ in told} == set(Kind)
    assert "hunter2" not in done.stderr


def test_a_mistake_of_the_environment_is_an_error_of_the_checks(noted, monkeypatch):
    monkeypatch.setenv("KEEP_DELIVERIES_DAYS", "0")

    kept = environment.number("KEEP_DELIVERIES_DAYS", 90, least=1)

    (error,) = check_environment()
    assert kept == 90
    assert (error.id, error.is_serious()) == ("weatheralert.E004", True)
    assert error.msg == "KEEP_DELIVERIES_DAYS must be at least 1, got '0'."
    assert "Leave KEEP_DELIVERIES_DAYS away for 90" in error.hint


@pytest.mark.parametrize(
    ("value", "is_true"),
    [("true", True), ("1", True), ("Yes", True), ("off", False), ("0", False), ("", False)],
)
def test_what_is_true_or_false_may_be_said_in_many_ways(noted, monkeypatch, value, is_true):
    monkeypatch.setenv("A_FLAG", value)

    assert environment.flag("A_FLAG") is is_true
    assert noted == []


@pytest.mark.parametrize(
    ("read", "value"),
    [
        pytest.param(environment.web_address, "https://weather.example.org/x?y", id="web"),
        pytest.param(environment.web_address, "http://[::1]:8000", id="IPv6"),
        pytest.param(environment.mail_address, "Weather alerts <a@example.org>", id="named"),
        pytest.param(environment.mail_address, "alerts@localhost", id="local"),
    ],
)
def test_good_addresses_are_taken_as_they_are(noted, monkeypatch, read, value):
    monkeypatch.setenv("AN_ADDRESS", value)

    assert read("AN_ADDRESS") == value
    assert noted == []


@pytest.mark.parametrize(
    ("read", "value", "kind"),
    [
        pytest.param(environment.web_address, "http://[x", Kind.NO_WEB_ADDRESS, id="broken"),
        pytest.param(environment.web_address, "ftp://h/x", Kind.NO_WEB_ADDRESS, id="not the web"),
        pytest.param(environment.web_address, "https://", Kind.NO_WEB_ADDRESS, id="no host"),
        pytest.param(environment.mail_address, "alerts", Kind.NO_MAIL_ADDRESS, id="no domain"),
        pytest.param(environment.mail_address, "<>", Kind.NO_MAIL_ADDRESS, id="empty"),
    ],
)
def test_bad_addresses_are_named(noted, monkeypatch, read, value, kind):
    monkeypatch.setenv("AN_ADDRESS", value)

    assert read("AN_ADDRESS", "") == ""
    assert [(mistake.kind, "AN_ADDRESS" in mistake.text) for mistake in noted] == [(kind, True)]


def list_documented(name: str, prefix: str) -> list[str]:
    """The ids of the table's rows."""
    text = (ROOT / "docs" / name).read_text()
    return re.findall(rf"^\| {prefix}\.(E\d+) ", text, re.M)


def test_the_documents_tables_are_those_of_the_code():
    numbers = re.findall(r"_error\(\s*(\d+),", inspect.getsource(checks))

    assert list_documented("settings.md", "weatheralert") == [f"E{kind:03}" for kind in Kind]
    assert list_documented("deploy.md", "weatherapp") == [f"E{int(n):03}" for n in numbers]
