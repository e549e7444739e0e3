"""11: areas as authorities draw them, made fit for comparing positions with them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.official.making import SQUARE, make_area, make_cap, make_info, make_nws, read, read_nws
from weatherapp.official.documents.read import read_document
from weatherapp.official.documents.times import read_time


def read_area(**said):
    (message,) = read(make_cap(infos=[make_info(rest=make_area(**said))]))
    return message.infos[0].areas[0]


def extent(ring):
    """South, north, west, east."""
    latitudes, longitudes = zip(*ring, strict=True)
    return min(latitudes), max(latitudes), min(longitudes), max(longitudes)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(SQUARE, id="as it should be"),
        pytest.param("47,8 47,9 48,9 48,8", id="open"),
        pytest.param("\n 47,8\t47,9\n\n48,9 48,8 47,8 ", id="any space"),
        pytest.param("47, 8 47, 9 48, 9 48, 8", id="space after the comma"),
        pytest.param("47 8 47 9 48 9 48 8", id="no commas"),
        pytest.param("47,8,47,9,48,9,48,8", id="only commas"),
        pytest.param("47,8,100 47,9,100 48,9,100 48,8,100", id="with heights"),
        pytest.param("47,8 47,8 47,9 48,9 48,9 48,8 47,8", id="corners twice"),
    ],
)
def test_11_rings_are_read_however_they_are_written(text):
    area = read_area(polygon=text)

    assert area.polygons == (((47.0, 8.0), (47.0, 9.0), (48.0, 9.0), (48.0, 8.0), (47.0, 8.0)),)
    assert area.problems == ()


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("47,8 47,9 47,8", id="two corners"),
        pytest.param("47,8 47,9 48", id="half a corner"),
        pytest.param("a,b c,d e,f", id="words"),
        pytest.param("nan,nan 1,1 2,2 3,1", id="no numbers"),
        pytest.param("1e999,1 2,2 3,1", id="infinity"),
        pytest.param("95,10 96,190 97,10", id="not on the Earth"),
        pytest.param("1,999 2,999 3,998", id="around and around"),
    ],
)
def test_12_a_shape_that_is_none_is_said_and_the_area_is_kept(text):
    area = read_area(polygon=text, codes=[("EMMA_ID", "CH001")])

    assert area.polygons == ()
    assert len(area.problems) == 1
    assert area.geocodes == (("EMMA_ID", "CH001"),)


def test_11_axes_that_cannot_be_are_swapped():
    area = read_area(polygon="100.5,13 100.5,14 101.5,14 101.5,13 100.5,13")

    assert extent(area.polygons[0]) == (13, 14, 100.5, 101.5)


@pytest.mark.parametrize(
    ("sender", "country"),
    [pytest.param("x@meteo.gov.td", "", id="by the sender"), pytest.param("x", "TD", id="told")],
)
def test_11_axes_are_swapped_by_the_countrys_box(sender, country):
    area = make_area(polygon="19,8 20,8 20,9 19,9", circle="19,8 5")
    body = make_cap(sender=sender, infos=[make_info(rest=area)]).encode()
    (message,) = read_document(body, country=country).messages
    (found,) = message.infos[0].areas

    assert extent(found.polygons[0]) == (8, 9, 19, 20)
    assert (found.circles[0].latitude, found.circles[0].longitude) == (8, 19)


@pytest.mark.parametrize("country", ["", "CH", "US"])
def test_11_axes_that_fit_or_tell_nothing_stay(country):
    body = make_cap(infos=[make_info(rest=make_area(polygon=SQUARE))]).encode()
    (message,) = read_document(body, country=country).messages

    assert extent(message.infos[0].areas[0].polygons[0]) == (47, 48, 8, 9)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("-18,178 -18,-178 -16,-178 -16,178", id="jumping"),
        pytest.param("-18,178 -18,182 -16,182 -16,178", id="counted on"),
        pytest.param("-18,-178 -16,-178 -16,178 -18,178 -18,-178", id="the other way round"),
    ],
)
def test_11_a_ring_over_180_degrees_is_cut_there(text):
    area = read_area(polygon=text)

    assert sorted(map(extent, area.polygons)) == [(-18, -16, -180, -178), (-18, -16, 178, 180)]
    assert all(ring[0] == ring[-1] for ring in area.polygons)


def test_11_a_ring_around_a_pole_reaches_to_the_pole():
    area = read_area(polygon="70,-120 70,0 70,120 70,-120")
    extents = sorted(map(extent, area.polygons), key=lambda one: one[2])

    assert all(north == 90 and south == 70 for south, north, _, _ in extents)
    assert extents[0][2] == -180
    assert extents[-1][3] == 180


def test_11_the_whole_world_stays_whole():
    area = read_area(polygon="-90,-180 -90,180 90,180 90,-180 -90,-180")

    assert list(map(extent, area.polygons)) == [(-90, 90, -180, 180)]


def test_11_holes_are_kept_apart():
    area = read_area(polygon=SQUARE, codes=[("EXCLUDE_POLYGON", SQUARE), ("WARNCELLID", "1")])

    assert area.excluded == area.polygons
    assert area.geocodes == (("WARNCELLID", "1"),)


def test_11_a_circle_of_nothing_is_a_point():
    (circle,) = read_area(circle="-33.5,151.2 0").circles

    assert (circle.latitude, circle.longitude, circle.radius_km) == (-33.5, 151.2, 0)


@pytest.mark.parametrize("text", ["1,2", "1,2 -3", "a,b c", "95,195 1", "1,2 inf"])
def test_12_a_circle_that_is_none_is_said(text):
    area = read_area(circle=text)

    assert (area.circles, len(area.problems)) == ((), 1)


@pytest.mark.parametrize(
    "geometry",
    [
        pytest.param(
            {
                "type": "Polygon",
                "coordinates": [[[8, 47], [9, 47], [9, 48]], [[8, 47], [9, 47], [9, 48]]],
            },
            id="polygon",
        ),
        pytest.param(
            {
                "type": "MultiPolygon",
                "coordinates": [[[[8, 47], [9, 47], [9, 48]], [[8, 47], [9, 47], [9, 48]]]],
            },
            id="many",
        ),
        pytest.param(
            {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Point", "coordinates": [1, 2]},
                    {
                        "type": "Polygon",
                        "coordinates": [
                            [[8, 47], [9, 47], [9, 48]],
                            [[8, 47, 3], [9, 47, 3], [9, 48, 3]],
                        ],
                    },
                ],
            },
            id="collection",
        ),
    ],
)
def test_11_geojson_has_longitude_first_and_holes(geometry):
    (message,) = read_nws(make_nws(geometry=geometry))
    (area,) = message.infos[0].areas

    assert extent(area.polygons[0]) == (47, 48, 8, 9)
    assert len(area.excluded) == 1


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [[["x", 1], [2, 2], [3, 1]]]},
        {"type": "Polygon", "coordinates": [7]},
        {"type": "Polygon", "coordinates": [[[1, 2]]]},
    ],
)
def test_12_geojson_that_is_none_is_said(geometry):
    (message,) = read_nws(make_nws(geometry=geometry))
    (area,) = message.infos[0].areas

    assert (area.polygons, len(area.problems)) == ((), 1)
    assert area.geocodes


@pytest.mark.parametrize(
    ("text", "read_at"),
    [
        pytest.param("2026-03-01T09:00:00+01:00", (8, 0), id="as it should be"),
        pytest.param("2026-03-01T08:00:00Z", (8, 0), id="Z"),
        pytest.param("2026-03-01T08:00:00.123456-00:00", (8, 0), id="fractions"),
        pytest.param("2026-03-01T08:00:00", (8, 0), id="no offset"),
        pytest.param("2026-03-01 17:00 +0900", (8, 0), id="spaces, no seconds"),
        pytest.param("2026-03-01T04:30:00PM+08:00", (8, 30), id="afternoon"),
        pytest.param("2026-03-01T08:00:60Z", (8, 1), id="leap second"),
        pytest.param("Sun, 01 Mar 2026 08:00:00 +0000", (8, 0), id="mail"),
        pytest.param("2569-03-01T15:00:00+07:00", (8, 0), id="the Buddha's years"),
    ],
)
def test_times_are_read_however_they_are_written(text, read_at):
    assert read_time(text) == datetime(2026, 3, 1, *read_at, tzinfo=UTC)


def test_midnight_may_be_24():
    assert read_time("2026-02-28T24:00:00Z") == datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-13-01T00:00:00Z",
        "2026-03-01",
        "0001-01-01T00:00:00+14:00",
        "2026-03-01T25:00:00Z",
        "2026-03-01T00:00:00+99:99",
        "9999-12-31T24:00:00Z",
    ],
)
def test_what_is_no_time_is_none(text):
    assert read_time(text) is None


def test_11_json_ld_writes_shapes_as_well_known_text():
    (message,) = read_nws(make_nws(geometry="POLYGON((8 47,9 47,9 48,8 47))"))
    (area,) = message.infos[0].areas

    assert extent(area.polygons[0]) == (47, 48, 8, 9)
