"""Which part of the world a map shows."""

from __future__ import annotations

import pytest

from weatherapp.gazetteer.tiles import all_tiles, find_tiles
from weatherapp.pages.map_view import MOST_ZOOM, find_span, fit_view, make_view, read_view


def test_one_place_stands_in_the_middle():
    view = fit_view(south=53.35, north=53.35, longitudes=[-6.26])

    assert (view.find_x(-6.26), view.find_y(53.35)) == pytest.approx((0.5, 0.5))


def test_all_places_are_in_the_view_and_it_is_not_far_too_wide():
    view = fit_view(south=40, north=55, longitudes=[-6, 12])

    assert all(0 <= view.find_x(one) <= 1 for one in (-6, 12))
    assert all(0 <= view.find_y(one) <= 1 for one in (40, 55))
    assert view.width < 60


def test_places_on_both_sides_of_the_date_line_are_near_each_other():
    view = fit_view(south=-20, north=-17, longitudes=[178.4, -175.2])

    assert find_span([178.4, -175.2]) == pytest.approx((178.4, 6.4))
    assert view.width < 20
    assert view.find_x(178.4) < view.find_x(-175.2) < 1


def test_places_all_over_the_world_are_shown_in_the_whole_world():
    view = fit_view(south=-90, north=90, longitudes=range(-180, 180, 5))

    assert (view.width, view.south, view.height) == (360, -90, 180)


@pytest.mark.parametrize("latitude", [-90, -89.9, 0, 60, 90])
@pytest.mark.parametrize("zoom", [0, 1, 2, 7, MOST_ZOOM])
def test_no_view_leaves_the_world(latitude, zoom):
    view = make_view(latitude, 179.9, zoom)

    assert view.south >= -90.000001
    assert view.north <= 90.000001
    assert -180 <= view.west < 180


def test_shapes_are_true_in_the_middle():
    view = make_view(60, 10, 10)

    assert view.width * 0.5 / view.height == pytest.approx(1.5, rel=0.01)  # cos 60°


@pytest.mark.parametrize(
    ("at", "zoom"),
    [("", ""), ("1", "2"), ("nan,0", "3"), ("inf,0", "3"), ("91,0", "3"), ("0,1e9", "1"),
     ("1,2,3", "4"), ("1,2", "x"), ("1,2", ""), ("\0,1", "1")],
)  # fmt: skip
def test_what_is_no_view_is_none(at, zoom):
    assert read_view(at, zoom) is None


def test_a_view_is_read_as_it_is_written():
    view = make_view(51.5, -0.13, 8)

    assert read_view(view.at, str(view.zoom)) == view
    assert read_view("51.5,-0.13", "999999") == make_view(51.5, -0.13, MOST_ZOOM)


def test_tiles_of_a_view_over_the_date_line_are_of_both_sides():
    tiles = find_tiles(west=170, east=190, south=-20, north=-5)

    assert [(tile.west, tile.north, tile.turn) for tile in tiles] == [(150, 0, 0), (-180, 0, 360)]


def test_every_tile_has_its_image():
    from django.contrib.staticfiles import finders

    tiles = list(all_tiles())

    assert len(tiles) == 72
    assert all(finders.find(tile.path) for tile in tiles)
    assert finders.find("img/world.svg")
