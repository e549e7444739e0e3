"""Places as the home page lists them: a line is written anew only when something in it has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import caches
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from weatherapp.display.reader import reader_mark
from weatherapp.pages.alert_line import AlertLine
from weatherapp.pages.newest import read_places_now
from weatherapp.pages.official_marks import OfficialMark, read_mark
from weatherapp.pages.place_line import PlaceLine, make_place_lines
from weatherapp.pages.replay import Clocks
from weatherapp.pages.versions import LineVersion, read_line_versions

KEPT_S = 60  # ages are told in minutes


@dataclass(frozen=True, slots=True)
class ShownLine:
    has_alerts: bool
    html: SafeString


@dataclass(frozen=True, slots=True)
class LineForm:
    """How all lines of a page are written."""

    shows_zone: bool  # with each time, where it is not the same time of day at all places
    is_only: bool  # a site of one place has room for more of it

    @property
    def mark(self) -> str:
        return f"{self.shows_zone:d}{self.is_only:d}"


@dataclass(frozen=True, slots=True)
class KeptLines:
    """What is known already of places, in their order; `keys` by place id."""

    keys: Mapping[int, str]
    lines: Mapping[str, ShownLine]
    form: LineForm
    official: Mapping[int, OfficialMark]  # by place id, where any warning stands

    @property
    def missing(self) -> list[int]:
        """Ids of places whose lines are still to be written."""
        return [place_id for place_id, key in self.keys.items() if key not in self.lines]


def find_lines(place_ids: Sequence[int], form: LineForm, *, now: datetime) -> KeptLines:
    """Of a page of places at most; also of such as have just been deleted."""
    versions = read_line_versions(place_ids)
    then = f"{reader_mark()}-{form.mark}-{int(now.timestamp() // 60)}"
    keys = {pk: f"line-{pk}-{_mark(versions.get(pk))}-{then}" for pk in place_ids}
    marks = {pk: read_mark(version.official, now) for pk, version in versions.items()}
    official = {pk: mark for pk, mark in marks.items() if mark is not None}
    return KeptLines(keys, caches["parts"].get_many(keys.values()), form, official)


def write_lines(
    kept: KeptLines, clocks: Clocks, alerts: Mapping[int, tuple[AlertLine, ...]]
) -> tuple[ShownLine, ...]:
    """In the order of the places; `alerts` by place id, at least of those that are missing."""
    found = read_places_now(kept.missing, clocks)
    lines = make_place_lines(found.values(), clocks, alerts)
    written = {kept.keys[line.place.pk]: _show(line, kept, clocks.now) for line in lines}
    caches["parts"].set_many(written, KEPT_S)
    known = {**kept.lines, **written}
    return tuple(known[key] for key in kept.keys.values() if key in known)


def _mark(version: LineVersion | None) -> str:
    return version.mark if version else ""


def _show(line: PlaceLine, kept: KeptLines, now: datetime) -> ShownLine:
    shown = {
        "line": line,
        "now": now,
        "shows_zone": kept.form.shows_zone,
        "is_only": kept.form.is_only,
        "official": kept.official.get(line.place.pk),
    }
    return ShownLine(bool(line.alerts), render_to_string("home/place_line.html", shown))
