"""The site's places on a map: a mark each, or one for all that are close together."""

from __future__ import annotations

from dataclasses import dataclass

from weatherapp.gazetteer.tiles import Tile, find_tiles
from weatherapp.models import Place
from weatherapp.pages.map_view import MOST_ZOOM, WIDEST, View
from weatherapp.pages.place_standing import Standing, name_standing

MOST_LABELS = 10
FINE_BELOW = 64.0  # degrees wide: wider, nobody sees the difference
CLOSER = 3  # steps of zoom when a cluster is opened


@dataclass(frozen=True, slots=True)
class Mark:
    """`x`, `y` are percents of the picture; `place` is there where it stands for one alone."""

    x: float
    y: float
    count: int
    silent: int
    rank: int
    place_id: int
    latitude: float
    longitude: float
    place: Place | None = None
    alerted: int = 0  # how many of its places have open alerts

    @property
    def standing(self) -> Standing:
        """That of the worst of its places."""
        return name_standing(self.rank, is_silent=bool(self.silent))

    @property
    def at(self) -> str:
        """As the map's address says it."""
        return f"{self.latitude:.2f},{self.longitude:.2f}"

    @property
    def left(self) -> str:
        return f"{self.x:.2f}%"

    @property
    def top(self) -> str:
        return f"{self.y:.2f}%"

    @property
    def is_right(self) -> bool:
        """Its name stands before it, so that it does not leave the picture."""
        return self.x > 70


@dataclass(frozen=True)
class WorldMap:
    """`is_fitted`: nobody chose another view."""

    view: View
    marks: tuple[Mark, ...]
    is_fitted: bool

    @property
    def has_names(self) -> bool:
        return len(self.marks) <= MOST_LABELS

    @property
    def standings(self) -> tuple[Standing, ...]:
        """Those that are to be seen, worst first."""
        shown = {mark.standing for mark in self.marks}
        return tuple(standing for standing in Standing if standing in shown)

    @property
    def place_count(self) -> int:
        return sum(mark.count for mark in self.marks)

    @property
    def alerted_count(self) -> int:
        return sum(mark.alerted for mark in self.marks)

    @property
    def silent_count(self) -> int:
        return sum(mark.silent for mark in self.marks)

    @property
    def is_fine(self) -> bool:
        return self.view.width < FINE_BELOW

    @property
    def tiles(self) -> list[Tile]:
        view = self.view
        return find_tiles(west=view.west, east=view.east, south=view.south, north=view.north)

    @property
    def turns(self) -> tuple[int, ...]:
        """Where the whole outline is to be drawn again: a view may go over the date line."""
        return (0, 360) if self.view.east > 180 else (0,)

    @property
    def closer(self) -> View | None:
        return self.view.zoom_by(2) if self.view.zoom < MOST_ZOOM else None

    @property
    def wider(self) -> View | None:
        return self.view.zoom_by(-2) if self.view.zoom > 0 else None

    @property
    def ways(self) -> tuple[tuple[str, View], ...]:
        """To the four sides, where there is more to see."""
        view = self.view
        if view.width >= WIDEST:
            return ()
        found = [("west", view.move_by(east=-0.5)), ("east", view.move_by(east=0.5))]
        found += [("north", view.move_by(north=0.5)), ("south", view.move_by(north=-0.5))]
        return tuple((side, other) for side, other in found if other.at != view.at)

    @property
    def mark_zoom(self) -> int:
        """At which the places behind a mark are looked at; as now where it cannot be closer."""
        return min(self.view.zoom + CLOSER, MOST_ZOOM)

    @property
    def is_closest(self) -> bool:
        return self.view.zoom == MOST_ZOOM
