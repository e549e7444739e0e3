"""What the home page shows: places with alerts, worst first, and then the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.core.cache import caches
from django.core.paginator import Page
from django.db.models import Max

from weatherapp.domain.cap import Severity
from weatherapp.models import Alert, Place
from weatherapp.models.alert import OPEN_STATES
from weatherapp.pages.alert_line import AlertLine, make_alert_line
from weatherapp.pages.announcements import News, read_announcements
from weatherapp.pages.home_lines import ShownLine, show_lines
from weatherapp.pages.place_list import (
    LONGEST_SEARCH,
    WORST_FIRST,
    count_by_severity,
    list_places,
)
from weatherapp.pages.replay import Clocks, read_clocks
from weatherapp.pages.silence import Silence, read_silence
from weatherapp.pages.versions import Version

ENDED_SHOWN = 6
SILENCE_LASTS = 5  # times as long as a page is shared


@dataclass(frozen=True)
class HomePage:
    """Reads what is asked of it, so that a part that is kept by `key` costs nothing.

    `now` is real time; `known_change` the newest change that the reader knows of.
    """

    now: datetime
    mark: str  # another mark, another page
    version: Version
    page_wanted: str | None
    search: str
    known_change: int | None

    @property
    def key(self) -> str:
        """Of what all who ask for this page of this list are shown."""
        return f"{self.mark} {self.page_wanted} {self.search}"

    @cached_property
    def clocks(self) -> Clocks:
        return read_clocks(self.now, scene_mark=self.version.scene)

    @cached_property
    def counts(self) -> Mapping[tuple[bool, Severity], int]:
        return count_by_severity(self.clocks)

    @cached_property
    def places(self) -> Page[Place]:
        return list_places(self.clocks, page=self.page_wanted, search=self.search)

    @cached_property
    def _lines(self) -> tuple[ShownLine, ...]:
        return show_lines(list(self.places.object_list), self.clocks)

    @property
    def alerted(self) -> tuple[ShownLine, ...]:
        """The places of this page that have open alerts."""
        return tuple(line for line in self._lines if line.has_alerts)

    @property
    def calm(self) -> tuple[ShownLine, ...]:
        return tuple(line for line in self._lines if not line.has_alerts)

    @cached_property
    def silence(self) -> Silence:
        """It takes a look at every place, and moves slowly: some seconds old is new enough."""
        kept_s = SILENCE_LASTS * settings.PAGES_SHARED_SECONDS
        found = caches["parts"].get_or_set("silence", lambda: read_silence(self.clocks), kept_s)
        assert isinstance(found, Silence)  # noqa: S101 - of a function that gives one
        return found

    @cached_property
    def ended(self) -> tuple[AlertLine, ...]:
        # By the order in which they ended here: replayed times do not compare with today's.
        rows = (
            Alert.objects.exclude(state__in=OPEN_STATES)
            .select_related("place", "rule")
            .annotate(last_change=Max("changes__pk"))
            .order_by("-last_change")[:ENDED_SHOWN]
        )
        return tuple(make_alert_line(row, self.clocks) for row in rows)

    @property
    def seen(self) -> int:
        return self.version.newest_change_id

    @property
    def announcements(self) -> News:
        return read_announcements(self.known_change)

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
    *,
    now: datetime,
    mark: str,
    version: Version,
    seen: int | None = None,
    page: str | None = None,
    search: str = "",
) -> HomePage:
    search = search.replace("\0", "").strip()[:LONGEST_SEARCH]
    return HomePage(now, mark, version, page, search, seen)
