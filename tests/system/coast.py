"""A place by the sea with a reader, and a source in Open-Meteo's place that says what it is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.factories import make_place, make_subscription
from tests.intake.bodies import make_body, make_item

ASKED_HOURS = (25, 50)  # before the running hour, and from it on
HOURS_A_DAY = 24


def prepare() -> None:
    """The place and its reader; run in `manage.py shell -c` beside the site."""
    now = timezone.now()
    make_subscription(make_place(), email="reader@example.org", created_at=now, confirmed_at=now)


@dataclass
class Source:
    """`ahead` is forecast from the next hour on, by Open-Meteo's names; all else stays as it is."""

    url: str
    ahead: dict[str, float]

    def answer(self, request: Request) -> Response:
        now = datetime.now(UTC)
        past, ahead = ASKED_HOURS
        if "past_days" in request.args:  # whole days, from the first one's midnight to the last's
            past = int(request.args["past_days"]) * HOURS_A_DAY + now.hour
            ahead = HOURS_A_DAY - now.hour
        item = make_item(now=now, past=past, ahead=ahead)
        for name, value in self.ahead.items():
            item["hourly"][name][past + 1 :] = [value] * (ahead - 1)
        return Response(make_body(item), content_type="application/json")


@contextmanager
def running_source(**ahead: float) -> Iterator[Source]:
    with HTTPServer(host="127.0.0.1") as server:
        source = Source(server.url_for(""), ahead)
        server.expect_request("/v1/forecast").respond_with_handler(source.answer)
        yield source


def full_hour(hours_ahead: int) -> datetime:
    """So many hours from the running one."""
    hour_at = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    return hour_at + timedelta(hours=hours_ahead)
