"""How far: on a sphere, and in the reader's units."""

import pytest

from weatherapp.display.distances import show_distance
from weatherapp.display.reader import shown_to
from weatherapp.domain.sphere import Point, box_around, distance_km
from weatherapp.domain.units import Units, UnitSystem


def test_a_distance_is_as_on_a_globe():
    paris, new_york = Point(48.857, 2.352), Point(40.713, -74.006)

    assert distance_km(paris, new_york) == pytest.approx(5837, abs=5)
    assert distance_km(Point(0, 179.5), Point(0, -179.5)) == pytest.approx(111.2, abs=0.1)
    assert distance_km(Point(90, 0), Point(-90, 33)) == pytest.approx(20015, abs=1)


@pytest.mark.parametrize("point", [Point(0, 0), Point(60, 179), Point(-89.5, 10)])
def test_a_box_holds_what_is_within_reach(point):
    box = box_around(point, 300)

    assert box.north - box.south == pytest.approx(2 * 300 / 111.195, rel=0.001)
    assert box.across == 180 if abs(point.latitude) > 87 else box.across >= 300 / 111.2


@pytest.mark.parametrize(
    ("km", "language", "system", "shown"),
    [
        (0.0, "en", UnitSystem.METRIC, "0.0 km"),
        (3.44, "en", UnitSystem.METRIC, "3.4 km"),
        (9.97, "en", UnitSystem.METRIC, "10 km"),
        (1234.5, "en", UnitSystem.METRIC, "1,234 km"),
        (3.44, "fr", UnitSystem.METRIC, "3,4 km"),
        (16.09344, "en", UnitSystem.US, "10 mi"),
        (1.609344, "en", UnitSystem.UK, "1.0 mi"),
    ],
)
def test_a_distance_is_in_the_readers_units(km, language, system, shown):
    with shown_to(language=language, units=Units(system)):
        assert show_distance(km).replace("\u00a0", " ") == shown
