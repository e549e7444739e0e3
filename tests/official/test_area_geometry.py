"""Whether a position is in a polygon or a circle, wherever on the Earth that is."""

from __future__ import annotations

import math

import pytest

from weatherapp.official.areas.geometry import (
    Circle,
    PositionError,
    make_area,
    make_ring,
)

SQUARE = ((50.0, 0.0), (50.0, 2.0), (52.0, 2.0), (52.0, 0.0))
# The letter C, open to the east: between its arms one is not inside.
CONCAVE = ((0, 0), (0, 10), (2, 10), (2, 2), (8, 2), (8, 10), (10, 10), (10, 0))
OVER_180 = ((-20.0, 175.0), (-20.0, -175.0), (-10.0, -175.0), (-10.0, 175.0))
ROUND_THE_POLE = tuple((70.0, float(east)) for east in range(-180, 180, 30))


@pytest.mark.parametrize(
    ("ring", "inside", "outside"),
    [
        pytest.param(SQUARE, (51, 1), (51, 3), id="a square"),
        pytest.param((*SQUARE, SQUARE[0]), (51, 1), (51, -1), id="closed"),
        pytest.param(SQUARE[::-1], (51, 1), (49.9, 1), id="the other way round"),
        pytest.param((SQUARE[0], *SQUARE), (51, 1), (53, 1), id="a corner twice"),
        pytest.param(CONCAVE, (5, 1), (5, 5), id="concave"),
        pytest.param(CONCAVE, (9, 9), (5, 11), id="concave, in an arm"),
        pytest.param(OVER_180, (-15, 179), (-15, 0), id="over 180, west of it"),
        pytest.param(OVER_180, (-15, -179), (-15, -174), id="over 180, east of it"),
        pytest.param(OVER_180, (-15, 180), (-15, 174), id="over 180, on it"),
        pytest.param(OVER_180, (-15, -180), (-21, -180), id="over 180, on it by its other name"),
        pytest.param(
            ((-20, 175), (-20, 185), (-10, 185), (-10, 175)), (-15, -176), (-15, -174),
            id="longitudes beyond 180",
        ),
        pytest.param(
            ((-20, 180), (-20, -180), (-20, -175), (-10, -175), (-10, -180), (-10, 180), (-10, 175), (-20, 175)),
            (-15, -177), (-15, 0), id="over 180, with corners on both of its names",
        ),
        pytest.param(ROUND_THE_POLE, (80, 77), (69, 77), id="round the north pole"),
        pytest.param(ROUND_THE_POLE, (80, 179.9), (-80, 0), id="round the pole, at its seam"),
        pytest.param(ROUND_THE_POLE, (90, 12), (69.9, -180), id="the pole itself"),
        pytest.param(ROUND_THE_POLE[::-1], (80, -77), (60, 0), id="round the pole to the west"),
        pytest.param(
            tuple((-70.0, float(east)) for east in range(0, 360, 60)), (-75, 355), (-69, 355),
            id="round the south pole",
        ),
        pytest.param(
            ((-60, -180), (60, -180), (60, 180), (-60, 180)), (0, 100), (61, 100),
            id="all around between two latitudes",
        ),
    ],
)  # fmt: skip
def test_what_a_polygon_holds(ring, inside, outside):
    area = make_area([ring])

    assert area.holds(inside)
    assert not area.holds(outside)


@pytest.mark.parametrize(
    "ring",
    [
        pytest.param((), id="none"),
        pytest.param(((50, 0),), id="a point"),
        pytest.param(((50, 0), (51, 0), (50, 0)), id="there and back"),
        pytest.param(((50, 0), (51, 0), (52, 0)), id="a meridian"),
        pytest.param(((50, 0), (50, 1), (50, 2)), id="a circle of latitude"),
    ],
)
def test_a_ring_without_extent_holds_nothing(ring):
    assert make_ring(ring) is None
    assert make_area([ring]).is_empty
    assert not make_area([ring]).holds((50, 0))


@pytest.mark.parametrize(
    "position", [(91, 0), (-90.5, 0), (0, 361), (math.nan, 0), (0, math.nan), (math.inf, 0)]
)
def test_what_is_not_on_the_earth_is_refused(position):
    with pytest.raises(PositionError):
        make_area([(*SQUARE, position)])
    with pytest.raises(PositionError):
        make_area([], circles=[Circle(*position, 5)])


def test_neighbours_share_an_edge_and_no_position_of_it():
    other = [(latitude, longitude + 2) for latitude, longitude in SQUARE]

    held = [make_area([ring]).holds((51, 2)) for ring in (SQUARE, other)]

    assert sorted(held) == [False, True]


@pytest.mark.parametrize(
    ("circle", "inside", "outside"),
    [
        pytest.param(Circle(51, 1, 100), (51.8, 1), (52, 1), id="111 km are a degree"),
        pytest.param(Circle(60, 10, 100), (60, 11.7), (60, 11.9), id="half of it in the north"),
        pytest.param(Circle(0, 179.5, 100), (0, -179.8), (0, -179), id="over 180"),
        pytest.param(Circle(89.5, 0, 100), (89.9, 180), (88, 180), id="over the pole"),
        pytest.param(Circle(51, 1, 0), (51, 1), (51, 1.0001), id="of radius 0"),
    ],
)
def test_what_a_circle_holds(circle, inside, outside):
    area = make_area([], circles=[circle])

    assert area.holds(inside)
    assert not area.holds(outside)


@pytest.mark.parametrize("radius_km", [-1, math.nan, math.inf])
def test_a_circle_without_a_radius_holds_nothing(radius_km):
    assert make_area([], circles=[Circle(51, 1, radius_km)]).is_empty


def test_what_is_excluded_is_not_held():
    hole = ((50.5, 0.5), (50.5, 1.5), (51.5, 1.5), (51.5, 0.5))
    area = make_area([SQUARE], circles=[Circle(51, 1, 10)], excluded=[hole])

    assert area.holds((50.2, 1))
    assert not area.holds((51, 1))  # though the circle has it as well


def test_any_of_several_shapes_will_do():
    area = make_area([SQUARE, OVER_180], circles=[Circle(0, 0, 10)])

    assert all(area.holds(position) for position in [(51, 1), (-15, 178), (0, 0.05)])
    assert not area.holds((10, 10))
