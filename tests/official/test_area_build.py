"""The table of areas is made of archives of geocodes."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from tests.official.area_archives import emma, feature, square, write_archive
from weatherapp.official.areas import table
from weatherapp.official.areas.build import build
from weatherapp.official.areas.geojson import read_areas
from weatherapp.official.areas.schemes import Scheme
from weatherapp.official.areas.simplify import simplify_line, simplify_ring


@pytest.fixture
def built(tmp_path, monkeypatch):
    """Builds and opens a table; the archives may come in any order."""

    def build_and_open(*archives, tolerance=0.0005):
        path = tmp_path / "areas.sqlite3"
        build(read_areas(archives), path, tolerance=tolerance)
        monkeypatch.setattr(table, "AREAS", path)
        return path

    return build_and_open


@pytest.fixture
def archives(tmp_path):
    """A county in two registers, a zone that is half of it, and a region in three."""
    county = feature([square(-75, 40, 2)], STATE="NY", COUNTYNAME="Kings", FIPS="36047")
    zone = feature([square(-75, 40)], STATE="NY", NAME="Southern Queens", ZONE="178")
    return [
        write_archive(tmp_path / "ugc", "UGC", {"NYC047": county, "NYZ178": zone}),
        write_archive(tmp_path / "same", "SAME", links={"036047": "UGC/NYC047"}),
        write_archive(tmp_path / "emma", "EMMA_ID", {"FR067": emma("FR067", [square(2, 48)])}),
        write_archive(
            tmp_path / "nuts", "NUTS3", links={"FR101": "EMMA_ID/FR067", "FR1": "NUTS3/FR101"}
        ),
    ]


def test_links_are_codes_of_the_same_area(built, archives):
    built(*archives)

    assert table.find_codes(41.5, -73.5) == {Scheme.UGC: ("NYC047",), Scheme.SAME: ("036047",)}
    assert table.find_codes(48.5, 2.5) == {
        Scheme.EMMA_ID: ("FR067",),
        Scheme.NUTS3: ("FR1", "FR101"),
    }


def test_a_position_may_be_in_several_areas_and_in_none(built, archives):
    built(*archives)

    assert table.find_codes(40.5, -74.5)[Scheme.UGC] == ("NYC047", "NYZ178")
    assert table.find_codes(10, 10) == {}


def test_same_archives_make_same_bytes_in_whatever_order(built, archives):
    first = built(*archives).read_bytes()

    assert built(*reversed(archives)).read_bytes() == first


def test_another_content_has_another_version(built, archives):
    built(*archives)
    version = table.read_version()

    built(*archives)
    assert table.read_version() == version
    built(*archives[:2])
    assert table.read_version() != version


def test_a_link_to_what_is_not_there_is_told(tmp_path, built):
    archive = write_archive(tmp_path / "fips", "FIPS", links={"EI07": "EMMA_ID/IE012"})

    with pytest.raises(LookupError, match="EMMA_ID/IE012"):
        built(archive)


def test_links_in_a_circle_are_told(tmp_path, built):
    links = {"AA": "FIPS/BB", "BB": "FIPS/AA"}

    with pytest.raises(LookupError):
        built(write_archive(tmp_path / "fips", "FIPS", links=links))


def test_links_that_are_known_to_lead_elsewhere_are_left_out(tmp_path, built):
    areas = {"DE212": emma("DE212", [square(9, 49)])}
    built(
        write_archive(tmp_path / "emma", "EMMA_ID", areas),
        write_archive(tmp_path / "nuts", "NUTS3", links={"DE300": "EMMA_ID/DE212"}),
    )

    assert table.find_codes(49.5, 9.5) == {Scheme.EMMA_ID: ("DE212",)}


def test_a_hole_is_outside_and_an_island_in_it_is_not(tmp_path, built):
    ring, hole, island = square(0, 0, 10), square(2, 2, 6), square(4, 4, 2)
    areas = {"XX001": emma("XX001", [ring, hole], [island])}
    built(write_archive(tmp_path / "emma", "EMMA_ID", areas))

    assert table.find_codes(1, 1)
    assert not table.find_codes(3, 3)
    assert table.find_codes(5, 5)


def test_an_area_on_both_sides_of_the_180th_meridian(tmp_path, built):
    area = feature([square(179, 51)], [square(-180, 51)], STATE="AK", COUNTYNAME="Aleutians West")
    built(write_archive(tmp_path / "ugc", "UGC", {"AKC016": area}))

    for longitude in (179.5, -179.5, -180, 180):
        assert table.find_codes(51.5, longitude) == {Scheme.UGC: ("AKC016",)}
    assert table.find_codes(51.5, 0) == {}


def test_names_and_countries_are_told(tmp_path, built, archives):
    island = feature([square(-66, 18)], STATE="PR", NAME="San  Juan\nand Vicinity")
    sea = feature([square(-70, 35)], ID="ANZ900", NAME="Georges Bank")
    built(*archives, write_archive(tmp_path / "more", "UGC", {"PRZ001": island, "ANZ900": sea}))

    queens, juan = (table.find_area(Scheme.UGC, code) for code in ("NYZ178", "PRZ001"))
    assert (queens.name, queens.country) == ("Southern Queens", "US")
    assert (queens.south, queens.west, queens.north, queens.east) == (40, -75, 41, -74)
    assert (juan.name, juan.country) == ("San Juan and Vicinity", "PR")
    assert table.find_area(Scheme.UGC, "ANZ900").country == "US"
    assert table.find_area(Scheme.NUTS3, "FR101").country == "FR"
    assert table.find_area(Scheme.SAME, "999999") is None


def test_the_outline_is_given_back(built, archives):
    built(*archives)

    assert table.find_outline(Scheme.NUTS3, "FR101") == [[[(48, 2), (48, 3), (49, 3), (49, 2)]]]
    assert table.find_outline(Scheme.NUTS3, "FR999") is None


def test_an_area_smaller_than_the_tolerance_stays(tmp_path, built):
    islet = [square(5, 50, 0.002)]
    built(
        write_archive(tmp_path / "emma", "EMMA_ID", {"XX001": emma("XX001", islet)}),
        tolerance=0.1,
    )

    assert table.find_codes(50.001, 5.001) == {Scheme.EMMA_ID: ("XX001",)}


def test_an_area_without_extent_holds_nothing_and_stops_nothing(tmp_path, built):
    areas = {
        "XX001": emma("XX001", [square(5, 50, 0.0)]),
        "XX002": emma("XX002", [square(5, 50)]),
    }
    built(write_archive(tmp_path / "emma", "EMMA_ID", areas))

    assert table.find_codes(50.5, 5.5) == {Scheme.EMMA_ID: ("XX002",)}
    assert table.find_area(Scheme.EMMA_ID, "XX001") is None


def test_no_corner_that_is_left_out_is_further_off_than_the_tolerance():
    coast = [(60 + math.sin(n / 7) / 50, n / 500 + math.cos(n) / 900) for n in range(400)]

    kept = simplify_line(coast, 0.003)

    assert len(kept) < len(coast) / 2
    assert {coast[0], coast[-1]} <= set(kept)
    assert max(distance_to(line=kept, position=position) for position in coast) <= 0.003


def test_a_ring_of_straight_edges_needs_its_corners_alone():
    edges = [(0, n / 10) for n in range(11)] + [(1, 1), (1, 0)]

    assert simplify_ring(edges, 0.0005) == [(0, 0), (0, 2000), (2000, 2000), (2000, 0)]


def distance_to(*, line, position):
    """In degrees of latitude, to the nearest of closely spaced positions along the line."""
    shrink = math.cos(math.radians(line[0][0]))
    north, east = position
    steps = [n / 200 for n in range(201)]
    return min(
        math.hypot(a + s * (c - a) - north, (b + s * (d - b) - east) * shrink) - 0.0002
        for (a, b), (c, d) in pairwise(line)
        for s in steps
    )
