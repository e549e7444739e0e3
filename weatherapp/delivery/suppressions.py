"""Addresses that never want to hear from this site again: kept as keyed hashes, no address."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.crypto import salted_hmac

from weatherapp.delivery.addresses import Address
from weatherapp.models import Suppression


def suppress(address: Address, *, now: datetime) -> None:
    """Ask none of its aliases anything from now on. Safe to call twice."""
    Suppression.objects.bulk_create(
        [Suppression(digest=make_digest(address), created_at=now)], ignore_conflicts=True
    )


def allow(address: Address) -> bool:
    """Undo it at the owner's wish; False where there was nothing to undo."""
    deleted, _ = Suppression.objects.filter(digest=make_digest(address)).delete()
    return deleted > 0


def find(address: Address) -> Suppression | None:
    return Suppression.objects.filter(digest=make_digest(address)).first()


def make_digest(address: Address) -> str:
    """SUPPRESSION_KEY outlives SECRET_KEY: a rotation must not break a promise."""
    return salted_hmac(
        "weatherapp.suppression",
        address.mailbox,
        secret=settings.SUPPRESSION_KEY,
        algorithm="sha256",
    ).hexdigest()
