"""`python -m bench.place_hour`: what each step of a place's hour costs the worker, on PostgreSQL.

CPU of this process alone: the stand-in for Open-Meteo, the database and the broker have processes
of their own. The weather is that of bench.scale. `--profile` says where the time goes.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import redis

from bench.scale import history
from bench.scale.__main__ import source
from predictor.contract import Answer
from weatherapp.domain.conditions import Basis
from weatherapp.domain.spans import HOUR, floor_hour
from weatherapp.operations.local.redis_server import RedisServer

TOGETHER = 50  # places, as the site fetches them
SAID = Answer((0.05,) * 24, 0.1, 0.3, "bench", "1", 1.0)


class Steps:
    """Seconds of CPU by step."""

    def __init__(self, profile: cProfile.Profile | None) -> None:
        self.took_s: defaultdict[str, float] = defaultdict(float)
        self._profile = profile

    @contextmanager
    def time(self, name: str) -> Iterator[None]:
        if self._profile:
            self._profile.enable()
        began_s = process_time()
        yield
        self.took_s[name] += process_time() - began_s
        if self._profile:
            self._profile.disable()


def main() -> None:
    options = read_options()
    profile = cProfile.Profile() if options.profile else None
    with (
        TemporaryDirectory() as own,
        RedisServer(Path(own) / "redis.log") as server,
        redis.Redis.from_url(server.url) as client,
        source() as url,
    ):
        prepare(server.url, url)
        fill(options.places, options.days)
        steps = Steps(profile)
        run_hour(steps, client)
    total = sum(steps.took_s.values())
    for name, seconds in [*steps.took_s.items(), ("all", total)]:
        sys.stdout.write(f"{name:24} | {1000 * seconds / options.places:6.2f} ms a place\n")
    if profile:
        pstats.Stats(profile).sort_stats(options.profile).print_stats(options.only, 70)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.place_hour")
    parser.add_argument("--places", type=int, default=300)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--profile", choices=("tottime", "cumtime"))
    parser.add_argument("--only", default="", help="functions whose file matches, in the profile")
    return parser.parse_args()


def prepare(redis_url: str, source_url: str) -> None:
    os.environ |= {
        "TEST_DATABASE": "postgres",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "REDIS_URL": redis_url,
        "WEATHER_SOURCE": "open_meteo",
        "OPEN_METEO_URL": source_url,
        "OPEN_METEO_API_KEY": "no limit",
    }
    import django
    from django.core.management import call_command

    django.setup()
    import weatheralert.celery

    weatheralert.celery.app.set_current()
    call_command("migrate", verbosity=0)
    call_command("install_rules", verbosity=0)


def fill(places: int, days: int) -> None:
    from bench.scale.climates import count_all

    now = datetime.now(UTC)
    history.load(os.environ["DATABASE_URL"], places=places, days=days, now=now)
    count_all(newest_at=floor_hour(now) - HOUR, now=now)


def run_hour(steps: Steps, broker: Any) -> None:
    """Every step of it as weatherapp.tasks has it, with answers that say always the same."""
    from django.db import transaction

    from weatherapp import tasks
    from weatherapp.forecasting.asking import dispatch, requests
    from weatherapp.forecasting.asking.answers import record_answers
    from weatherapp.intake.refresh import refresh
    from weatherapp.models import Place

    ids = list(Place.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), TOGETHER):
        now = datetime.now(UTC)
        with steps.time("fetch and store"):
            refreshed = refresh(ids[start : start + TOGETHER], now=now)
        if len(refreshed) != len(ids[start : start + TOGETHER]):
            raise RuntimeError("the stand-in did not answer for all places")
        with steps.time("apply the rules"):
            tasks._evaluate(refreshed, now=now)
        with steps.time("ask"):
            places = list(Place.objects.filter(pk__in=refreshed).order_by("pk"))
            requests.request_predictions(places, now=now)
        with steps.time("windows"):
            dispatch.top_up(now=now)
        broker.flushall()
        while messages := list_under_way():
            for message in messages:
                with steps.time("answers, blend, rules"), transaction.atomic():
                    ids_answered = record_answers(message, now=now)
                    tasks._evaluate(ids_answered, now=now, new=[Basis.PROBABILITY])
                with steps.time("windows"):
                    dispatch.top_up(now=now)
                broker.flushall()


def list_under_way() -> list[dict[str, Any]]:
    """Messages that answer all that was sent."""
    from weatherapp.forecasting.asking.dispatch import WINDOWS_A_MESSAGE
    from weatherapp.models import PredictionRequest, RequestPriority, RequestState

    sent = PredictionRequest.objects.filter(state=RequestState.WAITING, sent_at__isnull=False)
    ids = [str(pk) for pk in sent.order_by("created_at", "pk").values_list("pk", flat=True)]
    size = WINDOWS_A_MESSAGE[RequestPriority.SCHEDULE]
    return [
        {"answers": [{"request_id": key, **SAID.to_wire()} for key in ids[start : start + size]]}
        for start in range(0, len(ids), size)
    ]


if __name__ == "__main__":
    main()
