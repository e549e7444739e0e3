"""How often one client may ask for a prediction."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from weatherapp.models.budget import Budget, Limit, TooManyRequestsError

__all__ = ["TooManyRequestsError", "spend", "spend_by_key"]

KEY_FACTOR = 10  # so much more often with a key that allows it


def spend(client: str, *, now: datetime) -> None:
    """Take one token of `client` (a keyed hash). Raises TooManyRequestsError."""
    limit = Limit("predict now", settings.PREDICT_NOW_BURST, settings.PREDICT_NOW_EVERY)
    Budget.objects.spend((limit, client), now=now)


def spend_by_key(key: str, *, now: datetime) -> None:
    """The same for who has an API key. Raises TooManyRequestsError."""
    burst, every = settings.PREDICT_NOW_BURST, settings.PREDICT_NOW_EVERY
    limit = Limit("predict now", burst * KEY_FACTOR, every / KEY_FACTOR)
    Budget.objects.spend((limit, key), now=now)
