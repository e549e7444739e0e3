"""Somebody who may log in, when it is NOON."""

import pytest
from django.contrib.auth.models import User

from tests.admin.login.trying import RIGHT
from tests.factories import NOON


@pytest.fixture
def clock(monkeypatch):
    """Stops the clock that the view reads; `clock(moment)` sets it."""

    def stop_at(moment):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    stop_at(NOON)
    return stop_at


@pytest.fixture(autouse=True)
def operator(db, clock):
    return User.objects.create_superuser("operator", password=RIGHT)
