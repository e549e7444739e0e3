"""What tests of stored warnings share."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from tests.official.feeds import make_source
from tests.official.making import NOON
from weatherapp.models import OfficialChange, WarningSource
from weatherapp.official.documents.read import read_items
from weatherapp.official.storing import take

HOUR = timedelta(hours=1)


def store(source: WarningSource, *documents: str | bytes, now: datetime = NOON) -> None:
    """Each document as a body of its own."""
    for text in documents:
        body = text.encode() if isinstance(text, str) else text
        take.store_items(source, read_items(body), now=now)


def known_source(**fields: Any) -> WarningSource:
    """It was read before: what is new is told."""
    return make_source(succeeded_at=NOON - HOUR, **fields)


def list_reasons(**where: Any) -> list[str]:
    """Of all changes, the oldest first."""
    return list(OfficialChange.objects.filter(**where).values_list("reason", flat=True))
