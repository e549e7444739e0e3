"""What tests of the sources of warnings share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from tests.factories import make_place
from tests.official.feeds import make_source
from weatherapp.models import Place, PlaceCode, WarningSource


@pytest.fixture
def feed(httpserver: HTTPServer, settings: Any, db: None) -> Callable[..., WarningSource]:
    """Makes sources at the local server, which may be asked: it is in the own network."""
    settings.NET_ALLOW_PRIVATE = True

    def make(path: str = "/feed.xml", **fields: Any) -> WarningSource:
        return make_source(address=httpserver.url_for(path), **fields)

    return make


@pytest.fixture
def place(db: None) -> Place:
    """In the square, and in one area of MeteoAlarm's register."""
    place = make_place(name="Muri", latitude=47.5, longitude=8.5)
    PlaceCode.objects.create(place=place, scheme="EMMA_ID", value="XX001")
    return place
