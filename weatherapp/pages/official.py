"""Official warnings as places, alerts and the home page tell of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.core.cache import caches

from weatherapp.domain.official_beside import find_beside
from weatherapp.models import OfficialEvent, OfficialWarning, Place, WarningSource
from weatherapp.official.reading import Coverage, Standing, find_coverage, list_at_place
from weatherapp.pages.alert_line import AlertLine
from weatherapp.pages.official_text import Text, pick_text
from weatherapp.pages.versions import Version

SOURCES_KEPT_S = 600
AREAS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who tells of it, through which source, and when last."""

    name: str
    source: WarningSource
    sent_at: datetime

    @property
    def is_passed_on(self) -> bool:
        """Whether the source is another's, such as MeteoAlarm's."""
        return self.name.casefold() != self.source.issuer.casefold()


@dataclass(frozen=True, slots=True)
class ShownWarning:
    """One danger, whoever warns of it; `events` are at least one, the one that speaks first."""

    warning: OfficialWarning
    events: tuple[OfficialEvent, ...]
    text: Text | None
    now: datetime  # real time

    @property
    def severity(self) -> str:
        return self.events[0].severity

    @property
    def onset_at(self) -> datetime:
        return min(event.onset_at for event in self.events)

    @property
    def ends_at(self) -> datetime | None:
        """None where any issuer leaves it open."""
        ends = [event.ends_at for event in self.events]
        return None if None in ends else max(filter(None, ends))

    @property
    def has_begun(self) -> bool:
        return self.onset_at <= self.now

    @property
    def issuers(self) -> tuple[Issuer, ...]:
        return list_issuers(self.events)

    @property
    def areas(self) -> tuple[str, ...]:
        """In the words of who speaks."""
        return tuple(self.events[0].areas[:AREAS_SHOWN])

    @property
    def more_areas(self) -> int:
        return max(len(self.events[0].areas) - AREAS_SHOWN, 0)


@dataclass(frozen=True, slots=True)
class PlaceOfficial:
    """What authorities say of a place, and whether anybody would say it."""

    warnings: tuple[ShownWarning, ...]
    coverage: Coverage
    asks_any: bool  # whether the site asks any source at all
    standings: Sequence[Standing]

    @property
    def is_first(self) -> bool:
        """Whether it stands before all else."""
        return bool(self.warnings or self.coverage.silent)

    @property
    def heard(self) -> tuple[WarningSource, ...]:
        silent = {source.pk for source in self.coverage.silent}
        return tuple(source for source in self.coverage.sources if source.pk not in silent)


def make_issuer(event: OfficialEvent) -> Issuer:
    return Issuer(event.issuer or event.source.issuer, event.source, event.sent_at)


def list_issuers(events: Iterable[OfficialEvent]) -> tuple[Issuer, ...]:
    """Each once, with its newest message."""
    found: dict[tuple[str, str], Issuer] = {}
    for event in events:
        issuer = make_issuer(event)
        key = (issuer.name, issuer.source.issuer)
        if key not in found or found[key].sent_at < issuer.sent_at:
            found[key] = issuer
    return tuple(found.values())


def list_sources(events: Iterable[OfficialEvent]) -> tuple[WarningSource, ...]:
    return tuple({event.source_id: event.source for event in events}.values())


def show_warning(standing: Standing, now: datetime) -> ShownWarning:
    text = pick_text(standing.events)
    return ShownWarning(standing.warning, standing.events, text, now)


def read_place_official(place: Place, version: Version, *, now: datetime) -> PlaceOfficial:
    """`now` is real time. A query where anything stands here; sources are read once they change."""
    standings = list_at_place(place.pk, now) if version.official else ()
    return PlaceOfficial(
        warnings=tuple(show_warning(standing, now) for standing in standings),
        coverage=find_coverage(place, _read_sources(version), now),
        asks_any=version.asks_sources,
        standings=standings,
    )


def name_beside(line: AlertLine, standings: Sequence[Standing], now: datetime) -> AlertLine:
    """With the official warnings of the same kind and hours. A replay's hours are not today's."""
    alert = line.alert
    if not standings or not alert.is_open or alert.place.is_replay:
        return line
    found = find_beside(alert.hazard, alert.onset_at, alert.ends_at, standings)
    return replace(line, beside=tuple(show_warning(standing, now) for standing in found))


def _read_sources(version: Version) -> Sequence[WarningSource]:
    """Those that are on; the same until one of those that cover the place changes."""
    if not version.sources:
        return ()
    key = f"official-sources-{version.sources}"
    found = caches["parts"].get_or_set(
        key, lambda: list(WarningSource.objects.on()), SOURCES_KEPT_S
    )
    assert isinstance(found, list)  # noqa: S101 - of a function that gives one
    return found
