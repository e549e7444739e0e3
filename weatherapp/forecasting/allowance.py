"""How often one client may ask for a prediction."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from weatherapp.models.budget import Budget, Limit, TooManyRequests

__all__ = ["TooManyRequests", "spend"]


def spend(client: str, *, now: datetime) -> None:
    """Take one token of `client` (a keyed hash). Raises TooManyRequests."""
    limit = Limit("predict now", settings.PREDICT_NOW_BURST, settings.PREDICT_NOW_EVERY)
    Budget.objects.spend((limit, client), now=now)
