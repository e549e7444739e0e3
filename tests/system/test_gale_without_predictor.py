"""The predictor is dead and a gale comes: it is told, gets worse and ends by the forecast alone."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from tests.delivery.mail_server import MailServer
from tests.system import coast
from tests.system.site import Site, predictor_beside, wait_for
from tests.system.test_predictor_dies import kill_group
from tests.system.ticks import Ticks
from weatherapp.operations.local.redis_server import RedisServer

RAIN = {"precipitation": 2.0, "precipitation_probability": 95}
CALM = {"wind_speed_10m": 5.4, "wind_gusts_10m": 11.2}
GALE = {"wind_speed_10m": 20.0, "wind_gusts_10m": 27.0}
STORM = {"wind_speed_10m": 26.0, "wind_gusts_10m": 36.0}
WIND = ("gale", "storm-gusts")
RAIN_RULES = ("rain-soon", "rain-6h")
STALE_HOURS = 4  # predictions count for three
SQLITE = "%Y-%m-%d %H:%M:%S"  # as its rows have a time

CHANGES = """
SELECT r.key, c.reason, c.severity FROM weatherapp_alertchange c
JOIN weatherapp_alert a ON a.id = c.alert_id JOIN weatherapp_rule r ON r.id = a.rule_id
ORDER BY c.id"""


@pytest.fixture
def source():
    with coast.running_source(**RAIN, **CALM) as source:
        yield source


@pytest.fixture
def mail_server():
    with MailServer() as server:
        yield server


@pytest.fixture
def site(tmp_path, source, mail_server):
    """Watches one place; its predictor's life is in the test's hands."""
    host, port = mail_server.server_address
    with RedisServer(tmp_path / "redis.log") as redis:
        site = Site(
            tmp_path,
            WEATHER_SOURCE="open_meteo",
            OPEN_METEO_URL=source.url,
            EMAIL_URL=f"smtp://{host}:{port}",
            REDIS_URL=redis.url,
        )
        with site.running("predictor"):
            code = "from tests.system import coast; coast.prepare()"
            site.command("shell", "--no-imports", "-c", code)
            yield site


def fetch(site):
    """The place is due, and a tick comes by."""
    site.query("UPDATE weatherapp_place SET next_refresh_at = NULL, claimed_until = NULL")
    Ticks(site.environment["REDIS_URL"]).send("refresh_due_places")


def forecast(site, source, wind):
    source.ahead |= wind
    fetch(site)


def let_predictions_age(site):
    """As if hours had passed in which the predictor answered nothing, and the rain went on."""
    then = coast.full_hour(-STALE_HOURS)
    for table in ("predictionrequest", "prediction"):
        site.query(f"UPDATE weatherapp_{table} SET window_end_at = ?", f"{then:{SQLITE}}")  # noqa: S608
    # What an alert has seen never is newer than what there is; and a full hour ends none of them.
    site.query(
        "UPDATE weatherapp_alert SET marks = ?, confirmed_until_at = ?",
        json.dumps({"PROBABILITY": then.isoformat()}),
        f"{coast.full_hour(STALE_HOURS):{SQLITE}}",
    )


def changes(site, rules):
    return [(key, *said) for key, *said in site.query(CHANGES) if key in rules]


def wait_for_changes(site, reason, severity, rules):
    """Of each of the rules, as the newest."""

    def is_newest():
        newest = {key: (reason, severity) for key, reason, severity in changes(site, rules)}
        return newest == dict.fromkeys(rules, (reason, severity))

    wait_for(f"{reason} {severity} of {rules}", is_newest)


def is_answered(site):
    return site.query("SELECT 1 FROM weatherapp_predictionrequest WHERE state = 'ANSWERED'")


def test_a_gale_rises_gets_worse_and_ends_while_the_rain_rules_have_no_data(
    site, source, mail_server
):
    with predictor_beside(site) as predictor:
        fetch(site)
        wait_for("the predictor has answered", lambda: is_answered(site))
        wait_for_changes(site, "RAISED", "Minor", RAIN_RULES)
        kill_group(predictor)
    let_predictions_age(site)

    forecast(site, source, GALE)
    wait_for_changes(site, "RAISED", "Moderate", WIND)
    wait_for_changes(site, "DATA_LOST", "Minor", RAIN_RULES)
    assert "no data" in site.page("/places/1/").lower()
    wait_for("the gale is told", lambda: len(told(mail_server, "Gale", "gust")) == 2)

    forecast(site, source, STORM)
    wait_for_changes(site, "ESCALATED", "Severe", WIND)
    wait_for("it is told that it gets worse", lambda: len(told(mail_server, "Gale", "gust")) == 4)

    forecast(site, source, CALM)
    wait_for_changes(site, "CLEARED", "Severe", WIND)
    wait_for("it is told that it is over", lambda: len(told(mail_server, "Gale", "gust")) == 6)
    rain = Counter(reason for _, reason, _ in changes(site, RAIN_RULES))
    assert rain == {"RAISED": 2, "DATA_LOST": 2}, "no data, and nothing else"

    with predictor_beside(site):
        wait_for_changes(site, "DATA_BACK", "Minor", RAIN_RULES)
    assert "no data" not in site.page("/places/1/").lower()


def told(mail_server, *words):
    return [
        mail["Subject"]
        for mail in mail_server.mails
        if any(word.lower() in mail["Subject"].lower() for word in words)
    ]
