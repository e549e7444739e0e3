"""Draws the world of the map: static/img/world.svg, coarse and whole, and fine tiles of 30 degrees in
static/img/world/, of which a page takes the few that it shows.

`npm pack world-atlas@2.0.2`, unpack it, then `python -m weatherapp.gazetteer.outline package/`. Its
data are Natural Earth's, which are in the public domain: https://www.naturalearthdata.com/.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from weatherapp.gazetteer.tiles import TILE_DEGREES, Tile, all_tiles

Point = tuple[float, float]  # degrees east, degrees south: as SVG counts
Line = Sequence[Point]

IMAGES = Path(__file__).parents[1] / "static" / "img"
# Degrees by which a line may be off, and the least extent of what is drawn at all.
COARSE, COARSE_LEAST = 0.2, 1.0
FINE, FINE_LEAST = 0.02, 0.1
OVERLAP = 0.05  # degrees by which tiles reach into each other, so that no seam shows


class Topology:
    """A TopoJSON file: https://github.com/topojson/topojson-specification."""

    def __init__(self, path: Path) -> None:
        self._data: dict[str, Any] = json.loads(path.read_text())
        self.arcs = [self._decode(arc) for arc in self._data["arcs"]]

    def rings(self, name: str) -> Iterator[list[Point]]:
        for arcs in _list_rings(self._data["objects"][name]):
            yield self._join(arcs)

    def shapes(self, name: str) -> Iterator[tuple[str, list[list[list[Point]]]]]:
        """Those that have an id, by it: polygons, each the outline and what is cut out of it."""
        for shape in self._data["objects"][name]["geometries"]:
            polygons = {"Polygon": [shape.get("arcs")], "MultiPolygon": shape.get("arcs")}
            if "id" in shape and shape["type"] in polygons:
                yield (
                    shape["id"],
                    [[self._join(arcs) for arcs in rings] for rings in polygons[shape["type"]]],
                )

    def shared_arcs(self, name: str) -> Iterator[list[Point]]:
        """Between two shapes, such as borders."""
        rings = _list_rings(self._data["objects"][name])
        counts = Counter(index if index >= 0 else ~index for ring in rings for index in ring)
        yield from (self.arcs[index] for index, count in counts.items() if count > 1)

    def _decode(self, arc: Sequence[Sequence[int]]) -> list[Point]:
        (wide, high), (west, south) = (self._data["transform"][n] for n in ("scale", "translate"))
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * wide + west, -(y * high + south)))
        return points

    def _join(self, arcs: Sequence[int]) -> list[Point]:
        joined = [self._follow(index) for index in arcs]
        return list(chain(joined[0], *(arc[1:] for arc in joined[1:])))

    def _follow(self, index: int) -> list[Point]:
        return self.arcs[index] if index >= 0 else self.arcs[~index][::-1]


def _list_rings(shape: dict[str, Any]) -> Iterator[list[int]]:
    if "geometries" in shape:
        for part in shape["geometries"]:
            yield from _list_rings(part)
    elif shape["type"] == "Polygon":
        yield from shape["arcs"]
    elif shape["type"] == "MultiPolygon":
        yield from chain.from_iterable(shape["arcs"])


def unroll(ring: Line) -> Iterator[list[Point]]:
    """A ring over the date line goes on beyond it, and once more on the other side; one around a pole
    is closed there."""
    points, turn, before = [], 0, ring[0][0]
    for x, y in ring:
        turn += 360 * ((x - before < -180) - (x - before > 180))
        points.append((x + turn, y))
        before = x
    if abs(points[-1][0] - points[0][0]) > 180:
        pole = math.copysign(90.0, points[0][1])
        points += [(points[-1][0], pole), (points[0][0], pole)]
    for shift in (-360, 0, 360):
        moved = [(x + shift, y) for x, y in points]
        if any(-180 <= x <= 180 for x, _ in moved):
            yield moved


def simplify(line: Line, tolerance: float) -> list[Point]:
    """Douglas and Peucker: no point that is left out is further off than `tolerance`."""
    kept, waiting = {0, len(line) - 1}, [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        inside = range(first + 1, last)
        furthest = max(inside, key=lambda i: _distance(line[i], line[first], line[last]), default=0)
        if furthest and _distance(line[furthest], line[first], line[last]) > tolerance:
            kept.add(furthest)
            waiting += [(first, furthest), (furthest, last)]
    return [line[index] for index in sorted(kept)]


def _distance(point: Point, start: Point, end: Point) -> float:
    across, down = end[0] - start[0], end[1] - start[1]
    length = math.hypot(across, down)
    if not length:
        return math.dist(point, start)
    return abs(across * (start[1] - point[1]) - (start[0] - point[0]) * down) / length


def clip(ring: Line, *, west: float, top: float, width: float, height: float) -> list[Point]:
    """Sutherland and Hodgman: what of a polygon is inside; edges along the box's are its own."""
    points = list(ring)
    for axis, limit, sign in (
        (0, west, 1),
        (0, west + width, -1),
        (1, top, 1),
        (1, top + height, -1),
    ):
        points = list(_clip_at(points, axis, limit, sign))
    return points


def clip_tile(ring: Line, tile: Tile) -> list[Point]:
    side = TILE_DEGREES + 2 * OVERLAP
    west, top = tile.west - OVERLAP, -tile.north - OVERLAP
    return clip(ring, west=west, top=top, width=side, height=side)


def _clip_at(ring: Line, axis: int, limit: float, sign: int) -> Iterator[Point]:
    for start, end in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
        was_in, is_in = (sign * (point[axis] - limit) >= 0 for point in (start, end))
        if was_in != is_in:
            share = (limit - start[axis]) / (end[axis] - start[axis])
            crossing = [start[n] + share * (end[n] - start[n]) for n in (0, 1)]
            yield crossing[0], crossing[1]
        if is_in:
            yield end


def write_path(lines: Iterable[Line], step: float, *, is_closed: bool) -> str:
    """In whole steps, each from the one before: a few characters a point."""
    words, x, y = [], 0, 0
    for line in lines:
        cells = [(round(across / step), round(down / step)) for across, down in line]
        cells = [cells[0], *(b for a, b in pairwise(cells) if a != b)]
        if len(cells) < (3 if is_closed else 2):
            continue
        command = "m"
        for across, down in cells:
            words.append(f"{command}{across - x} {down - y}")
            command, x, y = "l" if command == "m" else " ", across, down
        if is_closed:
            words.append("z")
            x, y = cells[0]
    return "".join(words).replace(" -", "-")


def write_svg(land: Iterable[Line], borders: Iterable[Line], step: float) -> str:
    paths = {"land": write_path(land, step, is_closed=True)}
    paths["borders"] = write_path(borders, step, is_closed=False)
    shapes = "".join(
        f'<path id="{name}" transform="scale({step})" vector-effect="non-scaling-stroke" d="{path}"/>'
        for name, path in paths.items()
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg"><defs>{shapes}</defs></svg>\n'


def _is_large(line: Line, least: float) -> bool:
    extents = (max(p[axis] for p in line) - min(p[axis] for p in line) for axis in (0, 1))
    return max(extents) >= least


def _touches(line: Line, tile: Tile) -> bool:
    return any(
        tile.west <= x <= tile.west + TILE_DEGREES and tile.south <= -y <= tile.north
        for x, y in line
    )


def draw(source: Path, images: Path) -> None:
    """`source` is the unpacked package."""
    coarse = _read_land(source / "land-50m.json", COARSE, COARSE_LEAST)
    parts = [clip(ring, west=-180, top=-90, width=360, height=180) for ring in coarse]
    (images / "world.svg").write_text(write_svg(filter(None, parts), [], COARSE / 2))
    land = _read_land(source / "land-10m.json", FINE, FINE_LEAST)
    countries = Topology(source / "countries-10m.json")
    borders = [simplify(arc, FINE) for arc in countries.shared_arcs("countries")]
    (images / "world").mkdir(exist_ok=True)
    for tile in all_tiles():
        shapes = [part for ring in land if (part := clip_tile(ring, tile))]
        lines = [line for line in borders if _touches(line, tile)]
        (images / tile.image).write_text(write_svg(shapes, lines, FINE / 2))


def _read_land(path: Path, tolerance: float, least: float) -> list[list[Point]]:
    rings = chain.from_iterable(map(unroll, Topology(path).rings("land")))
    return [simplify(ring, tolerance) for ring in rings if _is_large(ring, least)]


if __name__ == "__main__":
    draw(Path(sys.argv[1]), IMAGES)
