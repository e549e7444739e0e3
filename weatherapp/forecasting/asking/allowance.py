"""How often one client may ask for a prediction."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from weatherapp.models.budget import Budget, Limit, TooManyRequestsError

__all__ = ["TooManyRequestsError", "spend"]


def spend(client: str, *, now: datetime) -> None:
    """Take one token of `client` (a keyed hash). Raises TooManyRequestsError."""
    limit = Limit("predict now", settings.PREDICT_NOW_BURST, settings.PREDICT_NOW_EVERY)
    Budget.objects.spend((limit, client), now=now)
