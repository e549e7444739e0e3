"""The outline of the world is drawn from TopoJSON, small and true to its tolerance."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from weatherapp.gazetteer.outline import Topology, clip, draw, simplify, unroll, write_path

SQUARE = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]


def write_topology(path, *rings, name):
    """Each ring an arc of its own, in whole degrees."""
    arcs = []
    for ring in rings:
        steps = [ring[0]]
        steps += [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(ring)]
        arcs.append(steps)
    shape = {"type": "MultiPolygon", "arcs": [[[number]] for number in range(len(arcs))]}
    data = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": arcs,
        "objects": {name: {"type": "GeometryCollection", "geometries": [shape]}},
    }
    path.write_text(json.dumps(data))


def test_arcs_are_joined_in_their_direction(tmp_path):
    data = {
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [[[0, 0], [5, 0]], [[0, 0], [0, 5], [5, -5]]],
        "objects": {"land": {"type": "Polygon", "arcs": [[0, -2]]}},
    }
    (tmp_path / "land.json").write_text(json.dumps(data))

    (ring,) = Topology(tmp_path / "land.json").rings("land")

    assert ring == [(0, 0), (5, 0), (0, -5), (0, 0)]  # south is down


def test_simpler_lines_are_off_by_no_more_than_the_tolerance():
    line = [(float(n), 0.05 if n % 2 else 0.0) for n in range(11)]

    assert simplify(line, 0.1) == [(0.0, 0.0), (10.0, 0.0)]
    assert simplify([(0, 0), (5, 1), (10, 0)], 0.5) == [(0, 0), (5, 1), (10, 0)]


@pytest.mark.parametrize(
    ("box", "corners"),
    [((0, 0, 5, 5), {(0, 0), (5, 0), (5, 5), (0, 5)}), ((20, 20, 5, 5), set())],
)
def test_what_is_outside_of_a_tile_is_cut_off(box, corners):
    west, top, width, height = box

    assert set(clip(SQUARE, west=west, top=top, width=width, height=height)) == corners


def test_land_over_the_date_line_is_drawn_on_both_sides():
    ring = [(170, 0), (180, 0), (-170, 5), (170, 5), (170, 0)]

    sides = list(unroll(ring))

    assert [max(x for x, _ in side) - min(x for x, _ in side) for side in sides] == [20, 20]
    assert {min(x for x, _ in side) for side in sides} == {170, -190}


def test_land_around_a_pole_is_closed_there():
    ring = [(x, 70.0) for x in range(-180, 181, 60)]

    assert all((x, 90.0) in part for part in unroll(ring) for x in (part[0][0],))


def test_a_path_goes_in_whole_steps_and_without_points_that_are_one():
    assert write_path([SQUARE], 5, is_closed=True) == "m0 0l2 0 0 2-2 0 0-2z"
    assert write_path([[(0, 0), (0.1, 0), (0.2, 0.1)]], 5, is_closed=True) == ""


def test_all_images_are_drawn(tmp_path):
    island = [(10, 40), (20, 40), (20, 50), (10, 50), (10, 40)]
    for name in ("land-50m", "land-10m"):
        write_topology(tmp_path / f"{name}.json", island, name="land")
    write_topology(tmp_path / "countries-10m.json", island, name="countries")
    draw(tmp_path, tmp_path)

    assert len(list((tmp_path / "world").glob("*.svg"))) == 72
    assert 'd="m' in (tmp_path / "world.svg").read_text()
    assert 'd="m' in (tmp_path / "world" / "1-06.svg").read_text()
    assert 'id="land"' in (tmp_path / "world" / "5-00.svg").read_text()
