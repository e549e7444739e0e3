"""How often anybody may have this site write to an address: by client, by mailbox, in all."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.crypto import salted_hmac

from weatherapp.models.budget import Budget, Limit, TooManyRequestsError

__all__ = ["TooManyRequestsError", "spend_mail", "spend_visit"]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def spend_visit(client: str, *, now: datetime) -> None:
    """Count one asking of `client` (a keyed hash), whatever address. Raises TooManyRequestsError.

    It knows nothing of the address, so a refusal says nothing about one either.
    """
    Budget.objects.spend(
        *_limits("client", settings.SUBSCRIBE_CLIENT_HOUR, settings.SUBSCRIBE_CLIENT_DAY, client),
        *_limits("site", settings.SUBSCRIBE_SITE_HOUR, settings.SUBSCRIBE_SITE_DAY, "site"),
        now=now,
    )


def spend_mail(mailbox: str, *, now: datetime) -> bool:
    """Count one mail to all aliases of `mailbox`; False where it has had enough of them."""
    holder = salted_hmac("weatherapp.mailbox", mailbox, algorithm="sha256").hexdigest()
    hour, day = settings.SUBSCRIBE_ADDRESS_HOUR, settings.SUBSCRIBE_ADDRESS_DAY
    try:
        Budget.objects.spend(*_limits("address", hour, day, holder), now=now)
    except TooManyRequestsError:
        return False
    return True


def _limits(whose: str, an_hour: int, a_day: int, holder: str) -> list[tuple[Limit, str]]:
    return [
        (Limit(f"subscribe, {whose}, hour", an_hour, HOUR / an_hour), holder),
        (Limit(f"subscribe, {whose}, day", a_day, DAY / a_day), holder),
    ]
