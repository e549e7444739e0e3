"""A local server in Open-Meteo's place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from weatherapp.intake.open_meteo import OpenMeteo
from weatherapp.intake.sources import find_source
from weatherapp.net.client import Bounds

QUICK = Bounds(connect_s=2.0, silence_s=2.0, total_s=10.0)
FORECAST_PATH = "/v1/forecast"


@pytest.fixture
def connect(httpserver: HTTPServer, db: None) -> Iterator[Callable[..., OpenMeteo]]:
    """Makes Open-Meteo sources that ask the local server; closes them."""
    made: list[OpenMeteo] = []

    def make(**options: Any) -> OpenMeteo:
        made.append(OpenMeteo(**({"url": httpserver.url_for(""), "bounds": QUICK} | options)))
        return made[-1]

    yield make
    for source in made:
        source.close()


@pytest.fixture
def site_source(httpserver: HTTPServer, settings: Any) -> Iterator[HTTPServer]:
    """The settings' Open-Meteo is the local server."""
    settings.OPEN_METEO_URL = httpserver.url_for("")
    settings.OPEN_METEO_API_KEY = ""
    find_source.cache_clear()
    yield httpserver
    source = find_source("open_meteo")
    assert isinstance(source, OpenMeteo)
    source.close()
    find_source.cache_clear()
