"""What the home page shows: places with alerts, worst first, and then the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page
from django.db.models import Max

from weatherapp.domain.cap import Severity
from weatherapp.models import Alert, Place
from weatherapp.models.alert import OPEN_STATES
from weatherapp.pages.alert_line import AlertLine, make_alert_line, sort_worst_first
from weatherapp.pages.announcements import newest_change_id, read_announcements
from weatherapp.pages.place_line import PlaceLine, read_place_lines
from weatherapp.pages.place_list import (
    LONGEST_SEARCH,
    WORST_FIRST,
    count_by_severity,
    list_places,
    read_alerts_at,
)
from weatherapp.pages.replay import Clocks, read_clocks
from weatherapp.pages.silence import Silence, read_silence

ENDED_SHOWN = 6


@dataclass(frozen=True, slots=True)
class HomePage:
    """`alerted` and `calm` are the places of this page, with open alerts and without."""

    now: datetime
    counts: Mapping[tuple[bool, Severity], int]
    alerted: tuple[PlaceLine, ...]
    calm: tuple[PlaceLine, ...]
    places: Page[Place]
    search: str
    silence: Silence
    ended: tuple[AlertLine, ...]
    seen: int
    announcements: str

    @property
    def confirmed_count(self) -> int:
        return self._count(is_confirmed=True)

    @property
    def unconfirmed_count(self) -> int:
        return self._count(is_confirmed=False)

    @property
    def has_alerts(self) -> bool:
        return bool(self.counts)

    @property
    def severities(self) -> tuple[tuple[Severity, int], ...]:
        """How many confirmed alerts of each severity, the worst first."""
        known = ((level, self.counts.get((True, level), 0)) for level in WORST_FIRST)
        return tuple((level, count) for level, count in known if count)

    @property
    def has_places(self) -> bool:
        return bool(self.places.paginator.count or self.search)

    def _count(self, *, is_confirmed: bool) -> int:
        return sum(count for (sure, _), count in self.counts.items() if sure == is_confirmed)


def read_home(
    *, now: datetime, seen: int | None = None, page: str | None = None, search: str = ""
) -> HomePage:
    """`now` is real time; `seen` the newest change that the reader knows of."""
    clocks = read_clocks(now)
    search = search.replace("\0", "").strip()[:LONGEST_SEARCH]
    shown = list_places(clocks, page=page, search=search)
    lines = _read_lines(list(shown.object_list), clocks)
    return HomePage(
        now=now,
        counts=count_by_severity(clocks),
        alerted=tuple(line for line in lines if line.alerts),
        calm=tuple(line for line in lines if not line.alerts),
        places=shown,
        search=search,
        silence=read_silence(clocks),
        ended=_read_ended_alerts(clocks),
        seen=newest_change_id(),
        announcements=read_announcements(seen),
    )


def _read_lines(places: list[Place], clocks: Clocks) -> tuple[PlaceLine, ...]:
    known = {place.pk: place for place in places}
    alerts = list(read_alerts_at(places))
    for alert in alerts:
        alert.place = known[alert.place_id]
    by_place = _group(sort_worst_first(make_alert_line(alert, clocks) for alert in alerts))
    return read_place_lines(places, clocks, by_place)


def _group(alerts: Iterable[AlertLine]) -> dict[int, tuple[AlertLine, ...]]:
    """By place id."""
    groups: dict[int, list[AlertLine]] = {}
    for line in alerts:
        groups.setdefault(line.alert.place_id, []).append(line)
    return {place_id: tuple(lines) for place_id, lines in groups.items()}


def _read_ended_alerts(clocks: Clocks) -> tuple[AlertLine, ...]:
    # By the order in which they ended here: replayed times do not compare with today's.
    rows = (
        Alert.objects.exclude(state__in=OPEN_STATES)
        .select_related("place", "rule")
        .annotate(last_change=Max("changes__pk"))
        .order_by("-last_change")[:ENDED_SHOWN]
    )
    return tuple(make_alert_line(row, clocks) for row in rows)
