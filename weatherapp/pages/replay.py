"""Which clock a page runs by, and what it says of a replay."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import caches
from django.db.models import Exists, Min, Q, QuerySet

from weatherapp.models import Place, Scene, SourceName


@dataclass(frozen=True, slots=True)
class Clocks:
    """Real time and the scene's, so that a list of places asks for the scene once."""

    now: datetime
    scene: Scene | None

    def at(self, place: Place) -> datetime:
        """The same as `place.clock(now)`."""
        if self.scene is not None and place.is_replay:
            return self.scene.time_at(self.now)
        return self.now


@dataclass(frozen=True, slots=True)
class Replay:
    """What a reader must know before anything else on the page."""

    title: str
    scene_at: datetime
    time_zone: str
    is_playing: bool  # from the start, faster than the clock
    plays_until_at: datetime
    is_all: bool  # whether everything that the page shows is replayed


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the site's weather comes from."""

    names: Sequence[str]  # behind the watched places; each must be named on the page
    replay_zone: str  # of the first watched place whose weather is replayed; empty: there is none
    are_all_replays: bool  # nothing is about today; ended alerts of places switched off count, too


def read_clocks(now: datetime, *, scene_mark: str | None = None) -> Clocks:
    """`scene_mark` is empty where there is no scene; a scene that is known by its mark is not read."""
    if scene_mark is None:
        return Clocks(now, Scene.objects.first())
    if not scene_mark:
        return Clocks(now, None)
    return Clocks(now, caches["parts"].get_or_set(f"scene-{scene_mark}", Scene.objects.first))


def describe_replay(place: Place, clocks: Clocks) -> Replay | None:
    """None where the place shows today's weather; a page about one place is all of it."""
    return _describe(place.time_zone, clocks) if place.is_replay else None


def describe_replays(sources: Sources, clocks: Clocks) -> Replay | None:
    """Of a page about many places."""
    if not sources.replay_zone:
        return None
    return _describe(sources.replay_zone, clocks, is_all=sources.are_all_replays)


def _describe(zone: str, clocks: Clocks, *, is_all: bool = True) -> Replay | None:
    if clocks.scene is None:
        return None
    return Replay(
        title=clocks.scene.title,
        scene_at=clocks.scene.time_at(clocks.now),
        time_zone=zone,
        is_playing=not clocks.scene.is_anchored,
        plays_until_at=clocks.scene.plays_until_at,
        is_all=is_all,
    )


def is_replay_source(prefix: str = "") -> Q:
    """Places whose weather is replayed: by their own choice, or by the site's.

    `prefix` leads to the place, such as "place__".
    """
    sources = [SourceName.REPLAY.value]
    if settings.WEATHER_SOURCE == SourceName.REPLAY:
        sources.append("")
    return Q((f"{prefix}source__in", sources))


def read_sources() -> Sources:
    """One query, however many places there are."""
    watched = Place.objects.active().order_by().values_list("source", "time_zone")
    rows = watched.annotate(first=Min("name"), is_mixed=Exists(other_than_replays()))
    by_name = sorted(rows, key=lambda row: row[2])
    return make_sources(
        ((source, zone) for source, zone, *_ in by_name), is_mixed=any(row[3] for row in by_name)
    )


def other_than_replays() -> QuerySet[Place]:
    """Places about today."""
    return Place.objects.exclude(is_replay_source()).order_by()


def make_sources(places: Iterable[tuple[str, str]], *, is_mixed: bool) -> Sources:
    """`places` are the watched ones by name: the source of each, as stored, and its zone."""
    zones: dict[str, str] = {}  # of the first place of each source
    for source, zone in places:
        zones.setdefault(source or settings.WEATHER_SOURCE, zone)
    replay_zone = zones.get(SourceName.REPLAY, "")
    return Sources(sorted(zones), replay_zone, are_all_replays=not is_mixed)
