"""Which clock a page runs by, and what it says of a replay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.cache import caches
from django.db.models import Q

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


def read_clocks(now: datetime, *, scene_mark: str | None = None) -> Clocks:
    """`scene_mark` is empty where there is no scene; a scene that is known by its mark is not read."""
    if scene_mark is None:
        return Clocks(now, Scene.objects.first())
    if not scene_mark:
        return Clocks(now, None)
    return Clocks(now, caches["parts"].get_or_set(f"scene-{scene_mark}", Scene.objects.first))


def describe_replay(place: Place | None, clocks: Clocks, *, is_all: bool = True) -> Replay | None:
    """None where the place shows today's weather; a page about one place is all of it."""
    if place is None or not place.is_replay or clocks.scene is None:
        return None
    return Replay(
        title=clocks.scene.title,
        scene_at=clocks.scene.time_at(clocks.now),
        time_zone=place.time_zone,
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


def find_replay_place() -> Place | None:
    """The first watched place whose weather is replayed."""
    return Place.objects.active().filter(is_replay_source()).first()


def are_all_replays() -> bool:
    """Whether nothing on the site is about today; ended alerts of switched off places are shown, too."""
    return not Place.objects.exclude(is_replay_source()).exists()


def read_source_names() -> list[str]:
    """The sources behind the watched places; each must be named on the page."""
    sources = Place.objects.active().order_by().values_list("source", flat=True).distinct()
    return sorted({source or settings.WEATHER_SOURCE for source in sources})
