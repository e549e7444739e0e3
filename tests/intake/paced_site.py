"""A site whose day allows few calls: its clock, its ticks, and Open-Meteo's stand-in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.factories import NOON, make_place
from tests.intake.bodies import make_body, make_item
from tests.intake.conftest import FORECAST_PATH
from weatherapp import tasks
from weatherapp.models import Place

MIDNIGHT = NOON + timedelta(hours=12)
MINUTE = timedelta(minutes=1)


class PacedSite:
    """Each place is a degree from the next, in a cell of its own."""

    def __init__(self, server: HTTPServer, monkeypatch: Any) -> None:
        self.now = MIDNIGHT
        self.calls = 0.0
        self.gusts: dict[str, float] = {}  # by latitude
        server.expect_request(FORECAST_PATH).respond_with_handler(self._answer)
        monkeypatch.setattr("django.utils.timezone.now", lambda: self.now)
        monkeypatch.setattr(tasks, "queue_mails", lambda: None)
        monkeypatch.setattr("weatherapp.forecasting.asking.dispatch.top_up", lambda now: None)
        monkeypatch.setattr(tasks.refresh_places, "delay", tasks.refresh_places)

    def add_places(self, count: int) -> list[Place]:
        """Their past is known."""
        return [
            make_place(name=f"Place {number}", latitude=float(number), backfilled_at=NOON)
            for number in range(count)
        ]

    def play(self, *, hours: int) -> None:
        """The ticks of so many hours: of the minutes in which something may be due."""
        begins_at = self.now
        for hour in range(hours):
            for minute in range(1, 7):
                self.now = begins_at + timedelta(hours=hour) + minute * MINUTE
                tasks.refresh_due_places()
        self.now = begins_at + timedelta(hours=hours)

    def _answer(self, request: Request) -> Response:
        latitudes = request.args["latitude"].split(",")
        self.calls += len(latitudes)
        items = [self._make_item(*numbered) for numbered in enumerate(latitudes)]
        return Response(make_body(*items))

    def _make_item(self, index: int, latitude: str) -> dict[str, Any]:
        item = make_item(now=self.now, index=index) | {"latitude": float(latitude)}
        item["hourly"]["wind_gusts_10m"] = [self.gusts.get(latitude, 3.0)] * 75
        return item
