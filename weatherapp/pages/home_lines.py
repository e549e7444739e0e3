"""Places as the home page lists them: a line is written anew only when something in it has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from weatherapp.display.reader import reader_mark
from weatherapp.models import Place
from weatherapp.pages.alert_line import AlertLine, make_alert_line, sort_worst_first
from weatherapp.pages.place_line import PlaceLine, read_place_lines
from weatherapp.pages.place_list import read_alerts_at
from weatherapp.pages.replay import Clocks
from weatherapp.pages.versions import read_line_versions

KEPT_S = 60  # ages are told in minutes


@dataclass(frozen=True, slots=True)
class ShownLine:
    has_alerts: bool
    html: SafeString


def show_lines(places: Sequence[Place], clocks: Clocks) -> tuple[ShownLine, ...]:
    """In the order of the places, of which there is at most a page."""
    keys = _make_keys(places, clocks.now)
    kept: dict[str, ShownLine] = caches["parts"].get_many(keys.values())
    missing = [place for place in places if keys[place.pk] not in kept]
    written = {keys[line.place.pk]: _show(line, clocks.now) for line in _read(missing, clocks)}
    caches["parts"].set_many(written, KEPT_S)
    return tuple((kept | written)[keys[place.pk]] for place in places)


def _make_keys(places: Sequence[Place], now: datetime) -> dict[int, str]:
    """By place id; of places that have just been deleted, too."""
    versions = read_line_versions([place.pk for place in places])
    then = f"{reader_mark()}-{int(now.timestamp() // 60)}"
    return {place.pk: f"line-{place.pk}-{versions.get(place.pk)}-{then}" for place in places}


def _show(line: PlaceLine, now: datetime) -> ShownLine:
    html = render_to_string("home/place_line.html", {"line": line, "now": now})
    return ShownLine(bool(line.alerts), html)


def _read(places: Sequence[Place], clocks: Clocks) -> tuple[PlaceLine, ...]:
    known = {place.pk: place for place in places}
    alerts = list(read_alerts_at(places)) if places else []
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
