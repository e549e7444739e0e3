"""Programs that ask the API when it is NOON."""

from __future__ import annotations

import json

import pytest
from django.core.cache import cache
from django.test import Client

from tests.factories import NOON
from tests.pages.conftest import redis
from weatherapp.api import limits
from weatherapp.models import ApiKey, Scope

__all__ = ["redis"]

V1 = "/api/v1"


class Program:
    """It has no cookies, would be refused where a form's token is needed, and may have a key."""

    def __init__(self, key: str = "") -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=True)
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def get(self, path, **headers):
        return self.client.get(f"{V1}{path}", headers=self.headers | headers)

    def call(self, method, path, body=None, **headers):
        given = {"Content-Type": "application/json"} if body is not None else {}
        headers = {name.lower(): value for name, value in (self.headers | given | headers).items()}
        kind = headers.pop("content-type", "application/octet-stream")
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.generic(
            method,
            f"{V1}{path}",
            "" if body is None else data,
            content_type=kind,
            headers=headers,
        )

    def post(self, path, body=None, **headers):
        return self.call("POST", path, body, **headers)

    def patch(self, path, body, **headers):
        return self.call("PATCH", path, body, **headers)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Stops the clock that views read; `clock(moment)` sets it."""

    def stop_at(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    stop_at(NOON)
    return stop_at


@pytest.fixture(autouse=True)
def counted_alone(monkeypatch):
    """No Redis: what a test asks is counted in its own process, from nothing."""
    cache.clear()
    monkeypatch.setattr(limits.counter, "_silent_until_s", float("inf"))
    yield
    cache.clear()


@pytest.fixture
def program():
    return Program()


@pytest.fixture
def make_program(db):
    """With a key that allows `scopes`."""

    def make(*scopes: Scope) -> Program:
        _, key = ApiKey.objects.make(name="Test", scopes=scopes, now=NOON)
        return Program(key)

    return make
