"""What changed since a page was last looked at, for those who listen to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from weatherapp.domain.cap import Severity
from weatherapp.models import Alert, AlertChange, Place
from weatherapp.pages.history import announce

MOST_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class News:
    """Sentences to be read when there is time, and those that may interrupt; empty: nothing new.

    With each, how many alerts were raised, so that a page behind others can say it in its title.
    """

    polite: str = ""
    urgent: str = ""
    polite_alerts: int = 0
    urgent_alerts: int = 0

    def __bool__(self) -> bool:
        return bool(self.polite or self.urgent)


def read_announcements(
    seen: int | None, place: Place | None = None, *, alert: Alert | None = None
) -> News:
    """The changes after the one with the id `seen`, in words; None is a first look: no news."""
    if seen is None:
        return News()
    changes = list(
        _changes(place, alert)
        .filter(pk__gt=seen)
        .select_related("alert__rule", "alert__place")
        .order_by("-pk")[: MOST_SENTENCES + 1]
    )
    told, is_cut = changes[:MOST_SENTENCES], len(changes) > MOST_SENTENCES
    urgent = [change for change in told if _is_urgent(change)]
    polite = [change for change in told if not _is_urgent(change)]
    return News(
        polite=announce(polite, is_cut=is_cut and bool(polite)),
        urgent=announce(urgent, is_cut=is_cut and not polite),
        polite_alerts=_count_raised(polite),
        urgent_alerts=_count_raised(urgent),
    )


def _is_urgent(change: AlertChange) -> bool:
    """Only what is new and grave may interrupt who listens to something else."""
    return change.is_raise and Severity(change.severity).is_grave


def _count_raised(changes: Sequence[AlertChange]) -> int:
    return sum(change.is_raise for change in changes)


def _changes(place: Place | None, alert: Alert | None) -> QuerySet[AlertChange]:
    if alert is not None:
        return AlertChange.objects.filter(alert=alert)
    if place is not None:
        return AlertChange.objects.filter(alert__place=place)
    return AlertChange.objects.all()
