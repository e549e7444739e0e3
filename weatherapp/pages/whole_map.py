"""The map on other pages: of all places, and the same for all readers until something has changed."""

from __future__ import annotations

from django.core.cache import caches
from django.utils import timezone

from weatherapp.pages.map_marks import read_map
from weatherapp.pages.replay import read_clocks
from weatherapp.pages.versions import read_home_version
from weatherapp.pages.world_map import WorldMap

KEPT_S = 60


def read_whole_map() -> WorldMap | None:
    """None where there is no place."""
    parts, key = caches["parts"], f"map-{read_home_version().page}"
    found: WorldMap | None = parts.get(key)
    if found is None:
        found = read_map(read_clocks(timezone.now()))
        parts.set(key, found, KEPT_S)
    return found
