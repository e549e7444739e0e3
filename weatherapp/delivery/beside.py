"""Official warnings beside an alert of ours: of the same kind of weather, for the same hours, there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from weatherapp.domain.cap import Severity
from weatherapp.domain.official_beside import is_beside
from weatherapp.models import AlertChange, OfficialEvent


def list_beside(change: AlertChange) -> list[OfficialEvent]:
    """What of them is not over, the gravest first, each warning once; one query.

    Beside a replay there is none: it plays in the past.
    """
    alert = change.alert
    if alert.place.is_replay:
        return []
    told = (
        event
        for event in _list_at(alert.place_id)
        if is_beside(alert.hazard, change.onset_at, change.ends_at, event)
    )
    gravest_first = sorted(told, key=lambda event: -Severity(event.severity).rank)
    once: dict[int, OfficialEvent] = {}
    for event in gravest_first:
        once.setdefault(event.warning_id, event)
    return list(once.values())


def find_inhibiting(change: AlertChange, *, now: datetime) -> OfficialEvent | None:
    """One that is in force and at least as severe, where the rule yields to such."""
    if not change.alert.rule.yields_to_official:
        return None
    rank = Severity(change.severity).rank
    in_force = (event for event in list_beside(change) if _is_in_force(event, now))
    return next((event for event in in_force if Severity(event.severity).rank >= rank), None)


def _is_in_force(event: OfficialEvent, now: datetime) -> bool:
    return event.onset_at <= now and (event.ends_at is None or event.ends_at > now)


def _list_at(place_id: int) -> Iterable[OfficialEvent]:
    rows = OfficialEvent.objects.filter(places__place=place_id, ended_at=None)
    return rows.select_related("warning").defer("area", "codes", "texts").order_by("pk")
