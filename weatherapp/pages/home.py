"""What the home page shows: places with alerts, worst first, and then the others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.core.cache import caches
from django.core.paginator import Page

from weatherapp.domain.cap import Severity
from weatherapp.domain.formatting import format_offset
from weatherapp.official.reading import AtPlaces, Everywhere, list_everywhere
from weatherapp.pages.alert_line import AlertLine
from weatherapp.pages.announcements import News, read_announcements
from weatherapp.pages.home_alerts import HomeAlerts, read_home_alerts
from weatherapp.pages.home_lines import KeptLines, LineForm, ShownLine, find_lines, write_lines
from weatherapp.pages.official import ShownWarning, show_warning
from weatherapp.pages.place_list import (
    LONGEST_SEARCH,
    WORST_FIRST,
    OpenAlerts,
    list_places,
    read_open_alerts,
)
from weatherapp.pages.replay import Clocks, Replay, Sources, describe_replays, read_clocks
from weatherapp.pages.survey import Silence, Survey, share_survey
from weatherapp.pages.versions import Version

SEARCHED_FROM = 9  # places: fewer are found at a glance
SOURCES_KEPT_S = 3600
OFFICIAL_SHOWN, OFFICIAL_KEPT_S = 6, 60


@dataclass(frozen=True)
class HomePage:
    """Reads what is asked of it, so that a part that is kept by `key` costs nothing.

    `now` is real time; `known_change` the newest change that the reader knows of. Places whose ids
    are in `first` come before all others.
    """

    now: datetime
    mark: str  # another mark, another page
    version: Version
    page_wanted: str | None
    search: str
    known_change: int | None
    first: Collection[int] = ()

    @property
    def key(self) -> str:
        """Of what all who ask for this page of this list are shown."""
        return f"{self.mark} {self.page_wanted} {self.search} {sorted(self.first)}"

    @cached_property
    def clocks(self) -> Clocks:
        return read_clocks(self.now, scene_mark=self.version.scene)

    @cached_property
    def open_alerts(self) -> OpenAlerts:
        return read_open_alerts(self.clocks)

    @cached_property
    def official(self) -> Everywhere:
        """What authorities warn of at any place of the site."""
        if not self.version.official:
            return Everywhere()
        # It looks at each warning, and is the same for all readers.
        key = f"official-{self.version.official}-{int(self.now.timestamp() // OFFICIAL_KEPT_S)}"
        found = caches["parts"].get_or_set(
            key, lambda: list_everywhere(self.now, limit=OFFICIAL_SHOWN), OFFICIAL_KEPT_S
        )
        assert isinstance(found, Everywhere)  # noqa: S101 - of a function that gives it
        return found

    @property
    def official_lines(self) -> tuple[tuple[ShownWarning, AtPlaces], ...]:
        return tuple((show_warning(one.standing, self.now), one) for one in self.official.listed)

    @cached_property
    def survey(self) -> Survey:
        return share_survey(self.clocks, mark=self._places_mark)

    @property
    def _places_mark(self) -> str:
        return self.version.places + self.version.scene

    @cached_property
    def sources(self) -> Sources:
        """They are the same until the mark of the places is another."""
        key = f"sources-{self._places_mark}"
        found = caches["parts"].get_or_set(key, lambda: self.survey.sources, SOURCES_KEPT_S)
        assert isinstance(found, Sources)  # noqa: S101 - of a function that gives them
        return found

    @property
    def replay(self) -> Replay | None:
        return describe_replays(self.sources, self.clocks)

    @cached_property
    def places(self) -> Page[int]:
        return list_places(
            self.survey.ids,
            self.open_alerts.place_ids,
            page=self.page_wanted,
            search=self.search,
            first=self.first,
        )

    @cached_property
    def _kept(self) -> KeptLines:
        form = LineForm(shows_zone=self.shows_zone, is_only=self.is_only_place)
        return find_lines(list(self.places.object_list), form, now=self.now)

    @cached_property
    def _alerts(self) -> HomeAlerts:
        return read_home_alerts(self._kept.missing, self.clocks, with_worst=bool(self.open_alerts))

    @cached_property
    def _lines(self) -> tuple[ShownLine, ...]:
        return write_lines(self._kept, self.clocks, self._alerts.at)

    @property
    def alerted(self) -> tuple[ShownLine, ...]:
        """The places of this page that have open alerts."""
        return tuple(line for line in self._lines if line.has_alerts)

    @property
    def calm(self) -> tuple[ShownLine, ...]:
        return tuple(line for line in self._lines if not line.has_alerts)

    @property
    def silence(self) -> Silence:
        return self.survey.silence

    @property
    def worst(self) -> AlertLine | None:
        """The alert that the headline names."""
        return self._alerts.worst

    @property
    def ended(self) -> tuple[AlertLine, ...]:
        return self._alerts.ended

    @property
    def seen(self) -> int:
        return self.version.newest_change_id

    @property
    def announcements(self) -> News:
        return read_announcements(self.known_change)

    @property
    def alert_count(self) -> int:
        """Also of those that no data confirms."""
        return sum(self.open_alerts.alerts.values())

    @property
    def unconfirmed_count(self) -> int:
        return sum(n for (is_sure, _), n in self.open_alerts.alerts.items() if not is_sure)

    @property
    def severities(self) -> tuple[tuple[Severity, int], ...]:
        """How many confirmed alerts of each severity, the worst first."""
        known = ((level, self.open_alerts.alerts.get((True, level), 0)) for level in WORST_FIRST)
        return tuple((level, count) for level, count in known if count)

    @property
    def worst_severity(self) -> Severity | None:
        """Of the confirmed ones."""
        return next((level for level, _ in self.severities), None)

    @property
    def leading_official(self) -> AtPlaces | None:
        """The official warning that the headline names: one at least as grave as any alert of ours."""
        if not self.official.listed:
            return None
        first = self.official.listed[0]
        ours = self.worst_severity
        return first if ours is None or first.standing.severity.rank >= ours.rank else None

    @property
    def worst_place_count(self) -> int:
        """How many places have a confirmed alert of the worst severity."""
        level = self.worst_severity
        return self.open_alerts.places.get((True, level), 0) if level else 0

    @property
    def place_count(self) -> int:
        return len(self.survey.ids)

    @property
    def has_places(self) -> bool:
        return bool(self.place_count or self.open_alerts)

    @property
    def is_only_place(self) -> bool:
        return self.place_count == 1 and not self.search

    @property
    def shows_map(self) -> bool:
        return self.place_count > 1 and not self.search and self.places.number == 1

    @property
    def is_searched(self) -> bool:
        return bool(self.search) or self.place_count >= SEARCHED_FROM

    @property
    def is_all_silent(self) -> bool:
        """Whether nothing is known of any place."""
        silence, count = self.silence, self.place_count
        return count > 0 and silence.measured == count and self.survey.rain_known == 0

    @property
    def shows_zone(self) -> bool:
        """With each time, where it is not the same time of day at all places."""
        return len(self.survey.offsets) > 1

    @property
    def offset(self) -> str:
        """From UTC, where it is the same everywhere."""
        offsets = self.survey.offsets
        return format_offset(offsets[0]) if len(offsets) == 1 else ""


def read_home(
    *,
    now: datetime,
    mark: str,
    version: Version,
    seen: int | None = None,
    page: str | None = None,
    search: str = "",
    first: Collection[int] = (),
) -> HomePage:
    search = search.replace("\0", "").strip()[:LONGEST_SEARCH]
    return HomePage(now, mark, version, page, search, seen, first)
