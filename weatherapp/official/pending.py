"""Whether time has anything to do with official warnings. Light: most minutes, and most sites, have not."""

from __future__ import annotations

from datetime import datetime

from weatherapp.models import OfficialEvent, SourceState


def is_due(now: datetime) -> bool:
    """Some event is to be looked at, or its source is no longer asked. Two queries."""
    due = OfficialEvent.objects.filter(refold_at__lte=now)
    left = OfficialEvent.objects.filter(ended_at=None).exclude(source__state=SourceState.ON)
    return due.exists() or left.exists()


def is_any_open(now: datetime) -> bool:
    """One query."""
    return OfficialEvent.objects.open(now).exists()
