"""What each tick of the clock asks the database where nothing is due, however many places there are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.broker import broker, redis_server
from tests.factories import (
    NOON,
    make_alert,
    make_forecast,
    make_place,
    make_prediction,
    make_readings,
    make_rule,
    make_subscription,
)
from weatheralert.beat import app as clock
from weatherapp import tasks
from weatherapp.models import Place, TickRun

__all__ = ["broker", "redis_server"]

# Where a tick queues something all the same, a real broker takes it.
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]

MINUTE = timedelta(minutes=1)
# Two of each note that the tick began and ended.
QUERIES = {
    "backfill_due_places": 5,
    "code_places": 3,
    "evaluate_due_places": 3,
    "forget_old_messages": 3,
    "forget_official_warnings": 4,
    "forget_old_weather": 5,
    "forget_personal_data": 5,
    "mend_times": 22,  # one a column that a wrong clock may have spoiled
    "publish_due_alerts": 5,
    "publish_mqtt": 2,  # without a broker
    "owe_official_mails": 3,
    "ping_heartbeat": 13,  # all that /health reads
    "poll_due_sources": 3,
    "refresh_due_places": 6,
    "repair_climates": 3,
    "score_and_fit": 3,
    "send_mails": 7,
    "settle_overdue_predictions": 4,
    "suggest_sources": 4,
    "take_up_backtests": 3,
    "top_up_predictor": 6,
    "update_official_events": 4,
}


@pytest.fixture(autouse=True)
def _a_minute_past_noon(monkeypatch, settings, httpserver):
    monkeypatch.setattr(timezone, "now", lambda: NOON + MINUTE)
    settings.HEARTBEAT_URL = httpserver.url_for("/ping")  # the heartbeat looks at all of the site
    httpserver.expect_request("/ping").respond_with_data("OK")


def make_calm_places(count: int) -> None:
    """All is fetched, predicted, decided and told; nothing is to be done before the next hour."""
    rule = make_rule()
    for number in range(count):
        place = make_place(
            name=f"Place {number}",
            fetched_at=NOON,
            next_refresh_at=NOON + 65 * MINUTE,
            backfilled_at=NOON,
        )
        make_readings(place, hours=3)
        make_forecast(place, precipitation_mm=[0.0])
        make_prediction(place)
        make_alert(rule, place)
        make_subscription(place)


def count_queries(name: str) -> int:
    """Of a run after one that left nothing to do."""
    tick = getattr(tasks, name)
    tick()
    with CaptureQueriesContext(connection) as captured:
        tick()
    assert TickRun.objects.get(pk=name).error == ""
    return len(captured)


def list_ticks() -> list[str]:
    return [entry["task"].rpartition(".")[2] for entry in clock.conf.beat_schedule.values()]


def test_every_tick_of_the_clock_is_counted_here():
    assert sorted(QUERIES) == sorted(list_ticks())


@pytest.mark.parametrize("count", [1, 25], ids=["one place", "25 places"])
@pytest.mark.parametrize("name", sorted(list_ticks()))
def test_a_tick_with_nothing_to_do_costs_as_much_however_many_places_there_are(name, count):
    make_calm_places(count)

    assert count_queries(name) == QUERIES[name]
    assert Place.objects.filter(claimed_until=None).count() == count
