"""Counties of the US of which the archive has a part alone are made whole."""

from __future__ import annotations

import json

import pytest

from tests.official.area_archives import feature, square, write_archive
from weatherapp.official.areas.counties import complete, read_counties
from weatherapp.official.areas.geojson import read_areas

ISLAND, MAINLAND = square(-83, 27, 0.5), square(-82, 27, 2)
CENSUS = [[[(float(n), float(e)) for e, n in ring]] for ring in (ISLAND, MAINLAND)]


@pytest.fixture
def read(tmp_path):
    """The polygons by code, of what the archive holds, after the Census Bureau's are at hand."""

    def read_and_complete(features, links=None):
        archives = [
            write_archive(tmp_path / "ugc", "UGC", features),
            write_archive(tmp_path / "same", "SAME", links=links),
        ]
        areas = complete(read_areas(archives), {"12071": CENSUS})
        return {code: area.polygons for area in areas for _scheme, code in area.codes}

    return read_and_complete


def county(*polygons, fips="12071"):
    return feature(*polygons, STATE="FL", COUNTYNAME="Lee", FIPS=fips)


def test_a_county_with_a_part_missing_gets_the_whole_as_well(read):
    found = read({"FLC071": county([ISLAND])}, {"012071": "UGC/FLC071"})

    assert len(found["FLC071"]) == 3
    assert found["012071"] == found["FLC071"]
    assert CENSUS[1] in found["FLC071"]


def test_another_shoreline_is_left_as_it_is(read):
    assert (
        len(read({"FLC071": county([ISLAND], [MAINLAND[:1] + square(-81.9, 27, 1.9)])})["FLC071"])
        == 2
    )


def test_a_county_that_is_cut_in_several_areas_stays_so(read):
    found = read({"FLC071": county([ISLAND]), "FLC072": county([square(-81, 27, 0.1)])})

    assert [len(polygons) for polygons in found.values()] == [1, 1]


def test_zones_and_counties_that_the_census_has_not_are_left_as_they_are(read):
    zone = feature([ISLAND], STATE="FL", NAME="Coastal Lee", ZONE="165")
    found = read({"FLZ165": zone, "GUC010": county([ISLAND], fips="66010")})

    assert [len(polygons) for polygons in found.values()] == [1, 1]


def test_outlines_are_read_from_the_census_bureaus_topology(tmp_path):
    """In whole steps of half a degree, each arc once: the second county shares the first's edge."""
    arcs = [
        [[0, 0], [0, 2]],
        [[0, 2], [-2, 0], [0, -2], [2, 0]],
        [[0, 2], [2, 0], [0, -2], [-2, 0]],
    ]
    topology = {
        "transform": {"scale": [0.5, 0.5], "translate": [-80, 40]},
        "arcs": arcs,
        "objects": {
            "counties": {
                "geometries": [
                    {"type": "Polygon", "id": "01001", "arcs": [[0, 1]]},
                    {"type": "MultiPolygon", "id": "01003", "arcs": [[[0, 2]]]},
                    {"type": "Polygon", "arcs": [[0, 1]]},
                ]
            }
        },
    }
    path = tmp_path / "counties.json"
    path.write_text(json.dumps(topology))

    counties = read_counties(path)

    assert sorted(counties) == ["01001", "01003"]
    assert set(counties["01001"][0][0]) == {(40, -80), (41, -80), (41, -81), (40, -81)}
    assert set(counties["01003"][0][0]) == {(40, -80), (41, -80), (41, -79), (40, -79)}
