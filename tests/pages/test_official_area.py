"""The area of an official warning on a map."""

import re

import pytest

from tests.factories import make_place
from tests.pages.official import make_warning
from weatherapp.models import OfficialEvent, Place
from weatherapp.pages.official_area import MOST_CORNERS, draw_area

SQUARE = [[52.0, -8.0], [52.0, -6.0], [54.0, -6.0], [54.0, -8.0], [52.0, -8.0]]


def draw(*shapes, places=()):
    return draw_area([OfficialEvent(area={"areas": list(shapes)})], places)


def corners_of(path):
    return [tuple(map(float, pair)) for pair in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)]


def test_a_polygon_is_drawn_in_degrees_east_and_south_within_the_view():
    drawn = draw({"polygons": [SQUARE]})

    assert drawn.path == (
        "M-8.000 -52.000L-6.000 -52.000L-6.000 -54.000L-8.000 -54.000L-8.000 -52.000Z"
    )
    assert drawn.view.west < -8 < -6 < drawn.view.east
    assert drawn.view.south < 52 < 54 < drawn.view.north
    assert drawn.is_fine


def test_a_circle_is_as_high_as_its_radius():
    ys = [-y for _, y in corners_of(draw({"circles": [[60.0, 10.0, 111.2]]}).path)]

    assert (min(ys), max(ys)) == (pytest.approx(59), pytest.approx(61))


def test_an_area_over_the_date_line_is_in_one_piece():
    east = [[50.0, 178.0], [50.0, 180.0], [52.0, 180.0], [52.0, 178.0]]
    west = [[50.0, -180.0], [50.0, -179.0], [52.0, -179.0], [52.0, -180.0]]
    drawn = draw({"polygons": [east, west]})

    xs = [x for x, _ in corners_of(drawn.path)]
    assert max(xs) - min(xs) == pytest.approx(3)
    assert drawn.view.west < min(xs)
    assert max(xs) < drawn.view.east


def test_what_is_left_out_is_drawn_apart():
    hole = [[52.5, -7.5], [52.5, -7.0], [53.0, -7.0]]

    assert len(corners_of(draw({"polygons": [SQUARE], "excluded": [hole]}).holes)) == 3


def test_places_in_the_view_are_dots():
    inside, far = Place(latitude=53.0, longitude=-7.0), Place(latitude=-30.0, longitude=150.0)

    assert draw({"polygons": [SQUARE]}, places=[inside, far]).dots == (("50.00%", "50.00%"),)


def test_a_shore_of_many_corners_is_thinned_and_small_rings_stay_whole():
    shore = [[50 + number / 10_000, number / 10_000] for number in range(20_000)]
    drawn = draw({"polygons": [shore, SQUARE]})

    assert len(corners_of(drawn.path)) <= MOST_CORNERS + len(SQUARE)
    assert corners_of(drawn.path)[-5:] == [(east, -north) for north, east in SQUARE]


@pytest.mark.parametrize("area", [{}, None, {"areas": []}, {"areas": [{"polygons": []}]}])
def test_codes_alone_make_no_map(area):
    assert draw_area([OfficialEvent(area=area)], []) is None


@pytest.mark.parametrize("circle", [[90.0, 0.0, 50.0], [-90.0, 0.0, 5000.0], [0.0, 180.0, 0.0]])
def test_poles_and_points_can_be_drawn(circle):
    assert all(abs(y) <= 90 for _, y in corners_of(draw({"circles": [circle]}).path))


@pytest.mark.django_db
def test_the_page_has_it(client):
    place = make_place(latitude=53.0, longitude=-7.0)
    warning = make_warning(place, area={"areas": [{"polygons": [SQUARE]}]})

    page = client.get(warning.get_absolute_url()).content.decode()

    assert '<path class="map-area" d="M-8.000 -52.000' in page
    assert '<circle class="map-dot" cx="50.00%" cy="50.00%" r="5"/>' in page
