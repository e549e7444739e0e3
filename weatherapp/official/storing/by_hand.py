"""Stores a document that an operator has, as if its source had sent it."""

from __future__ import annotations

from datetime import datetime

from weatherapp.models import SourceState, WarningSource
from weatherapp.official.documents.read import read_items
from weatherapp.official.storing.take import store_items

KEY = "by-hand"


class SourceNotOnError(Exception):
    """What such a source says would be over at once: switch it on, or name none."""


def find_source(key: str) -> WarningSource:
    """The source of that key; "" is the one for what is filled in by hand, made where it is not there.

    Raises WarningSource.DoesNotExist or SourceNotOnError.
    """
    if not key:
        source, _ = WarningSource.objects.get_or_create(
            key=KEY, defaults={"state": SourceState.BY_HAND}
        )
        return source
    source = WarningSource.objects.get(key=key)
    if not WarningSource.objects.heard().filter(pk=source.pk).exists():
        raise SourceNotOnError(key)
    return source


def store_document(
    source: WarningSource, body: bytes, content_type: str | None, *, country: str, now: datetime
) -> int:
    """How many messages were new or said something else; in one transaction. Raises DocumentError.

    What stands and is not in the document stays: it is no poll. A source that never was asked
    tells nobody, as at every source's first load.
    """
    items = read_items(body, content_type, country=country)
    return len(store_items(source, items, now=now).changed)
