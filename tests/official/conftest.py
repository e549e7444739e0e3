"""What tests of the sources of warnings share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from tests.official.feeds import make_source
from weatherapp.models import WarningSource


@pytest.fixture
def feed(httpserver: HTTPServer, settings: Any, db: None) -> Callable[..., WarningSource]:
    """Makes sources at the local server, which may be asked: it is in the own network."""
    settings.NET_ALLOW_PRIVATE = True

    def make(path: str = "/feed.xml", **fields: Any) -> WarningSource:
        return make_source(address=httpserver.url_for(path), **fields)

    return make
