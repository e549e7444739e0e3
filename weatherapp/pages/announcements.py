"""What changed since a page was last looked at, for those who listen to it."""

from __future__ import annotations

from django.db.models import QuerySet

from weatherapp.models import AlertChange, Place
from weatherapp.pages.history import announce

MOST_SENTENCES = 3


def read_announcements(seen: int | None, place: Place | None = None) -> str:
    """The changes after the one with the id `seen`, in words; None is a first look: no news."""
    if seen is None:
        return ""
    changes = list(
        _changes(place)
        .filter(pk__gt=seen)
        .select_related("alert__rule", "alert__place")
        .order_by("-pk")[: MOST_SENTENCES + 1]
    )
    return announce(changes[:MOST_SENTENCES], is_cut=len(changes) > MOST_SENTENCES)


def _changes(place: Place | None) -> QuerySet[AlertChange]:
    changes = AlertChange.objects.all()
    return changes if place is None else changes.filter(alert__place=place)
