"""Sources of warnings in tests: their rows, and what a server in an authority's place says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pytest_httpserver import HTTPServer

from tests.factories import NOON
from weatherapp.models import SourceState, WarningSource
from weatherapp.official import polling
from weatherapp.official.linked import Link, Taken
from weatherapp.official.schedule import QUEUE_LEASE

MINUTE = timedelta(minutes=1)
FEED = b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Calm</title></feed>'
CAP = b'<?xml version="1.0"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"/>'


def make_source(**fields: Any) -> WarningSource:
    """On, and due at once."""
    defaults: dict[str, Any] = {
        "key": "xx-met",
        "issuer": "Met Office of Nowhere",
        "countries": "IE",
        "address": "http://127.0.0.1:9/feed.xml",
        "attribution": "Source: Met Office of Nowhere",
        "state": SourceState.ON,
    }
    return WarningSource.objects.create(**(defaults | fields))


def claim(source: WarningSource, *, now: datetime = NOON) -> datetime:
    """As the tick does."""
    until = now + QUEUE_LEASE
    WarningSource.objects.filter(pk=source.pk).update(claimed_until=until)
    return until


def poll(source: WarningSource, *, now: datetime = NOON, **how: Any) -> WarningSource:
    """Claimed and polled; the row as it is afterwards."""
    how = {"clock": lambda: now, "pause": lambda seconds: None} | how
    polling.poll(source.pk, claim(source, now=now), **how)
    source.refresh_from_db()
    return source


class Taker:
    """Stands where the reading of documents comes: keeps what it gets, and names links of the feed."""

    def __init__(self, *links: Link) -> None:
        self.links = links
        self.got: list[tuple[str, bytes]] = []

    def __call__(self, source: WarningSource, body: polling.Body, now: datetime) -> Taken:
        self.got.append((body.address, body.file.read()))
        return Taken(self.links if body.address == source.asked_address else ())

    @property
    def addresses(self) -> list[str]:
        return [address for address, _ in self.got]


def respond(server: HTTPServer, body: bytes = FEED, **answer: Any) -> None:
    """From now on the feed is this, and there is nothing else."""
    server.clear()
    server.expect_request("/feed.xml").respond_with_data(body, **answer)
