"""What the home page shows: places with alerts, worst first, and then the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Max

from weatherapp.models import Alert, Place
from weatherapp.models.alert import OPEN_STATES
from weatherapp.pages.alert_line import AlertLine, make_alert_line, sort_worst_first
from weatherapp.pages.announcements import newest_change_id, read_announcements
from weatherapp.pages.place_line import PlaceLine, read_place_lines
from weatherapp.pages.replay import Clocks, read_clocks
from weatherapp.pages.silence import Silence, read_silence

PLACES_A_PAGE = 30
ALERTED_PLACES_SHOWN = 60
ENDED_SHOWN = 6


@dataclass(frozen=True, slots=True)
class HomePage:
    """`alerted` are places with open alerts, at most ALERTED_PLACES_SHOWN; `calm` the others."""

    now: datetime
    alerts: tuple[AlertLine, ...]
    alerted: tuple[PlaceLine, ...]
    alerted_count: int
    calm: tuple[PlaceLine, ...]
    places: Page[Place]
    silence: Silence
    ended: tuple[AlertLine, ...]
    seen: int
    announcements: str

    @property
    def confirmed_count(self) -> int:
        return sum(line.is_confirmed for line in self.alerts)

    @property
    def unconfirmed_count(self) -> int:
        return len(self.alerts) - self.confirmed_count

    @property
    def has_places(self) -> bool:
        return bool(self.places.paginator.count or self.alerted)

    @property
    def hidden_count(self) -> int:
        """Places with alerts beyond those that are shown."""
        return self.alerted_count - len(self.alerted)


def read_home(*, now: datetime, seen: int | None = None, page: str | None = None) -> HomePage:
    """`now` is real time; `seen` the newest change that the reader knows of."""
    clocks = read_clocks(now)
    alerts = sort_worst_first(make_alert_line(row, clocks) for row in _read_open_alerts())
    by_place = _group(alerts)
    calm = Place.objects.active().exclude(pk__in=list(by_place)).order_by("name")
    shown = Paginator(calm, PLACES_A_PAGE).get_page(page)
    worst = _read_places(list(by_place)[:ALERTED_PLACES_SHOWN]) if shown.number == 1 else []
    lines = read_place_lines([*worst, *shown.object_list], clocks, by_place)
    return HomePage(
        now=now,
        alerts=alerts,
        alerted=lines[: len(worst)],
        alerted_count=len(by_place) if shown.number == 1 else 0,
        calm=lines[len(worst) :],
        places=shown,
        silence=read_silence(clocks),
        ended=_read_ended_alerts(clocks),
        seen=newest_change_id(),
        announcements=read_announcements(seen),
    )


def _group(alerts: Iterable[AlertLine]) -> dict[int, tuple[AlertLine, ...]]:
    """By place id; the place with the worst alert first."""
    groups: dict[int, list[AlertLine]] = {}
    for line in alerts:
        groups.setdefault(line.alert.place_id, []).append(line)
    return {place_id: tuple(lines) for place_id, lines in groups.items()}


def _read_places(ids: Sequence[int]) -> list[Place]:
    """In the order of the ids."""
    places = Place.objects.in_bulk(ids)
    return [places[place_id] for place_id in ids]


def _read_open_alerts() -> Sequence[Alert]:
    return list(Alert.objects.open().select_related("place", "rule"))


def _read_ended_alerts(clocks: Clocks) -> tuple[AlertLine, ...]:
    # By the order in which they ended here: replayed times do not compare with today's.
    rows = (
        Alert.objects.exclude(state__in=OPEN_STATES)
        .select_related("place", "rule")
        .annotate(last_change=Max("changes__pk"))
        .order_by("-last_change")[:ENDED_SHOWN]
    )
    return tuple(make_alert_line(row, clocks) for row in rows)
