"""The area round a place, as rings that every reader takes."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weatherapp.domain.sphere import Point
from weatherapp.publishing.area import draw_rings


def area_of(ring):
    """Twice the signed area, in square degrees: more than 0 against the clock."""
    return sum(a.longitude * b.latitude - b.longitude * a.latitude for a, b in pairwise(ring))


def is_inside(point, ring):
    south, north = min(one.latitude for one in ring), max(one.latitude for one in ring)
    west, east = min(one.longitude for one in ring), max(one.longitude for one in ring)
    return south <= point.latitude <= north and west <= point.longitude <= east


@given(st.floats(-90, 90), st.floats(-180, 180), st.integers(1, 300))
def test_rings_are_closed_on_the_earth_and_hold_the_place(latitude, longitude, reach_km):
    place = Point(round(latitude, 4), round(longitude, 4))
    rings = draw_rings(place, reach_km)

    assert 1 <= len(rings) <= 2
    assert any(is_inside(place, ring) for ring in rings)
    for ring in rings:
        assert ring[0] == ring[-1]
        assert len(ring) >= 4
        assert len(set(ring)) == len(ring) - 1
        assert all(abs(lat) <= 90 and abs(lon) <= 180 for lat, lon in ring)
        assert area_of(ring) > 0


def test_usual_place_has_one_ring_of_twelve_corners():
    (ring,) = draw_rings(Point(53.35, -6.26), 10)

    assert len(ring) == 13


@pytest.mark.parametrize("longitude", [179.99, -179.99])
def test_across_the_180th_meridian_there_are_two(longitude):
    west, east = draw_rings(Point(-17.0, longitude), 10)

    assert max(point.longitude for point in east) in (180.0, pytest.approx(-179.9, abs=0.2))
    assert {abs(point.longitude) for point in west} & {180.0}
