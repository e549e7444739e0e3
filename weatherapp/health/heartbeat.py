"""The dead man's switch: an address of the operator's hears from the site while all of it works.

Whoever listens there (healthchecks.io and the like) raises the alarm when nothing comes: that works
also where the site, its machine or its way to the network is gone.
"""

from __future__ import annotations

from datetime import datetime

from weatherapp.health.checks_of_work import check_work
from weatherapp.health.facts import Work, read_work

TICK = "ping_heartbeat"
USER_AGENT = "weather-alerts-heartbeat"
# An address that hangs takes no more than this from a minute of the worker.
SILENCE_S, TOTAL_S = 5.0, 10.0
# One place that its source refuses stops no cycle, nor does an authority's feed or a broker that only
# tells others: /health tells of it.
HARMLESS = frozenset(
    {"fetch_failing", "mqtt_failing", "times_ahead", "warnings_silent", "warnings_never_came"}
)


class HeartbeatRefusedError(Exception):
    """The address answers, but not with yes: correct HEARTBEAT_URL."""


def ping_after_good_cycle(url: str, *, now: datetime) -> bool:
    """GET the address if the last cycle was whole. Raises NetError, HeartbeatRefusedError."""
    if not is_cycle_good(read_work(now)):
        return False
    _ping(url)
    return True


def is_cycle_good(work: Work) -> bool:
    """Due places fetched, questions answered, mails sent, each tick done.

    Its own tick is not among them: after a failed ping the next one must be tried.
    """
    return all(
        finding.code in HARMLESS or finding.params.get("tick") == TICK
        for finding in check_work(work)
    )


def _ping(url: str) -> None:
    from weatherapp.net.client import Bounds, Client  # not in the web process, which stays small

    bounds = Bounds(SILENCE_S, SILENCE_S, TOTAL_S, body_bytes=100_000, redirects=3)
    # The operator's own choice, perhaps inside the own network: no guard.
    with Client(USER_AGENT, bounds) as client:
        reply = client.get(url)
    if not 200 <= reply.status < 300:
        raise HeartbeatRefusedError(f"the heartbeat's address answers {reply.status}")
