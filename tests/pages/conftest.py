"""Every page is looked at when it is NOON."""

from __future__ import annotations

import pytest

from tests.factories import NOON


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Stops the clock that views read; `clock(moment)` sets it."""

    def stop_at(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    stop_at(NOON)
    return stop_at
