"""The real beat, whose wall clock is set back by hours while it runs."""

from __future__ import annotations

import json

import pytest
import redis

from tests.dyno.process import BEAT, running
from tests.wrong_clock import WrongClock, ahead_at_second

pytestmark = [pytest.mark.slow, pytest.mark.pair]
THREE_HOURS_S = 3 * 3600
TICK = "weatherapp.tasks.refresh_due_places"


def list_sent(broker) -> set[str]:
    """Beat sends a minute's ticks in no order."""
    messages = broker.lrange("default", 0, -1)
    return {json.loads(message)["headers"]["task"] for message in messages}


def test_beat_goes_on_when_a_clock_that_was_ahead_is_set_right(tmp_path, redis_server, redis_url):
    clock = WrongClock(tmp_path, ahead_s=THREE_HOURS_S)
    with (
        redis.Redis(port=redis_server.port) as broker,
        running(tmp_path, *BEAT, LOG_LEVEL="DEBUG", **clock.environment) as beat,
    ):
        beat.wait_for("Waking up")  # all of its times are three hours ahead
        broker.delete("default")

        # Some seconds before the minute, so that the test need not wait for a whole one.
        clock.set(ahead_s=ahead_at_second(40))
        beat.wait_until(lambda: TICK in list_sent(broker), "the tick", patience_s=180)

    assert "The clock was set back by 10" in beat.log()  # 10,740 to 10,800 s
