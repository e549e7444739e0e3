"""The alerts that the home page tells of: those of places, the worst of all, the last that ended."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.db.models import Max, OuterRef, Q, Subquery

from weatherapp.models import Alert, AlertChange
from weatherapp.models.alert import OPEN_STATES
from weatherapp.pages.alert_line import AlertLine, make_alert_line, sort_worst_first
from weatherapp.pages.place_list import find_worst_alert
from weatherapp.pages.replay import Clocks

ENDED_SHOWN = 5


@dataclass(frozen=True, slots=True)
class HomeAlerts:
    """`at` has the open ones by place id, worst first; `ended` the last ones, newest first."""

    at: Mapping[int, tuple[AlertLine, ...]] = field(default_factory=dict)
    worst: AlertLine | None = None
    ended: tuple[AlertLine, ...] = ()


def read_home_alerts(place_ids: Collection[int], clocks: Clocks, *, with_worst: bool) -> HomeAlerts:
    """One query. The open ones at `place_ids`, and what else the page says of alerts."""
    # By the order in which they ended here: replayed times do not compare with today's.
    changes = AlertChange.objects.filter(alert=OuterRef("pk")).order_by().values("alert")
    last = Subquery(changes.annotate(last=Max("pk")).values("last"))
    ended = Alert.objects.exclude(state__in=OPEN_STATES).annotate(last=last)
    wanted = Q(pk__in=Subquery(ended.order_by("-last").values("pk")[:ENDED_SHOWN]))
    wanted |= Q(place__in=place_ids, state__in=OPEN_STATES)
    if with_worst:
        wanted |= Q(pk__in=Subquery(find_worst_alert(clocks).values("pk")))
    rows = Alert.objects.filter(wanted).annotate(last=last)
    lines = [
        make_alert_line(row, clocks)
        for row in rows.select_related("place", "rule").order_by("-last")
    ]
    opened = sort_worst_first(line for line in lines if line.alert.is_open)
    return HomeAlerts(
        at=_group(opened),
        worst=next(iter(opened), None),
        ended=tuple(line for line in lines if not line.alert.is_open),
    )


def _group(lines: Collection[AlertLine]) -> dict[int, tuple[AlertLine, ...]]:
    """By place id."""
    groups: dict[int, list[AlertLine]] = {}
    for line in lines:
        groups.setdefault(line.alert.place_id, []).append(line)
    return {place_id: tuple(group) for place_id, group in groups.items()}
