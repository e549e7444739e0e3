"""Whose tiles the map may load: what can be used, and what is refused with a way out."""

from __future__ import annotations

import pytest

from weatherapp.checks import TILES_HINTS, check_map_tiles
from weatherapp.display.tile_source import (
    Credit,
    Problem,
    TileSourceError,
    find_tile_source,
    read_credits,
    read_tile_source,
)

URL = "https://Tiles.example.org:8443/v1/{z}/{x}/{y}.png?key=abc"
CREDIT = '© <a href="https://www.openstreetmap.org/copyright">OpenStreetMap</a> contributors'


def test_nothing_set_is_no_source_and_no_mistake(settings):
    assert (settings.MAP_TILES_URL, settings.MAP_TILES_ATTRIBUTION) == ("", "")
    assert find_tile_source() is None
    assert check_map_tiles() == []


def test_an_address_names_the_host_that_the_policy_allows(settings):
    settings.MAP_TILES_URL, settings.MAP_TILES_ATTRIBUTION = URL, CREDIT
    source = find_tile_source()

    assert check_map_tiles() == []
    assert source.url == URL
    assert source.origin == "https://tiles.example.org:8443"
    assert source.host == "tiles.example.org"
    assert source.credits == (
        Credit("© "),
        Credit("OpenStreetMap", "https://www.openstreetmap.org/copyright"),
        Credit(" contributors"),
    )


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("", Problem.NO_ADDRESS),
        ("tiles.example.org/{z}/{x}/{y}.png", Problem.NO_ADDRESS),
        ("//tiles.example.org/{z}/{x}/{y}.png", Problem.NO_ADDRESS),
        ("ftp://tiles.example.org/{z}/{x}/{y}.png", Problem.NO_ADDRESS),
        ("https:///{z}/{x}/{y}.png", Problem.NO_ADDRESS),
        ("https://[x/{z}/{x}/{y}.png", Problem.NO_ADDRESS),
        ("https://tiles.example.org:port/{z}/{x}/{y}.png", Problem.NO_ADDRESS),
        ("https://tiles.example.org:0/{z}/{x}/{y}.png", Problem.NO_ADDRESS),
        ("https://me:pw@tiles.example.org/{z}/{x}/{y}.png", Problem.NO_ADDRESS),
        ("https://tiles.example.org;script-src/{z}/{x}/{y}.png", Problem.NO_ADDRESS),
        ("https://*/{z}/{x}/{y}.png", Problem.NO_ADDRESS),
        ("https://tiles.example.org/{z}/{x}/{y}.png and", Problem.NO_ADDRESS),
        ("https://{z}.example.org/{x}/{y}.png", Problem.NO_ADDRESS),
        ("https://tiles.example.org/{x}/{y}.png", Problem.OTHER_PLACEHOLDERS),
        ("https://tiles.example.org/{z}/{x}/{y}{r}.png", Problem.OTHER_PLACEHOLDERS),
        ("https://tiles.example.org/{z}/{z}/{x}/{y}.png", Problem.OTHER_PLACEHOLDERS),
        ("https://{s}.example.org/{z}/{x}/{y}.png", Problem.MANY_HOSTS),
    ],
)
def test_an_address_that_cannot_be_is_an_error_and_no_map(settings, url, problem):
    settings.MAP_TILES_URL, settings.MAP_TILES_ATTRIBUTION = url, CREDIT
    (error,) = check_map_tiles()

    assert find_tile_source() is None
    assert (error.id, error.is_serious()) == ("weatherapp.E009", True)
    assert error.hint == TILES_HINTS[problem]


@pytest.mark.parametrize(
    ("attribution", "problem"),
    [
        ("", Problem.NO_ATTRIBUTION),
        ("  ", Problem.NO_ATTRIBUTION),
        ("<b>Us</b>", Problem.BAD_ATTRIBUTION),
        ("<script>alert(1)</script>", Problem.BAD_ATTRIBUTION),
        ('<a href="javascript:alert(1)">Us</a>', Problem.BAD_ATTRIBUTION),
        ('<a href="/us">Us</a>', Problem.BAD_ATTRIBUTION),
        ('<a href="https://a.example">Us', Problem.BAD_ATTRIBUTION),
        ('<a href="https://a.example"></a>', Problem.BAD_ATTRIBUTION),
        ("Us</a>", Problem.BAD_ATTRIBUTION),
        ("Us<!-- not us -->", Problem.BAD_ATTRIBUTION),
        ("Us<!doctype x>", Problem.BAD_ATTRIBUTION),
        ("Us<?x>", Problem.BAD_ATTRIBUTION),
    ],
)
def test_an_attribution_is_needed_and_has_links_alone(settings, attribution, problem):
    settings.MAP_TILES_URL, settings.MAP_TILES_ATTRIBUTION = URL, attribution
    (error,) = check_map_tiles()

    assert find_tile_source() is None
    assert (error.id, error.hint) == ("weatherapp.E010", TILES_HINTS[problem])


def test_every_problem_has_a_way_out():
    assert set(TILES_HINTS) == set(Problem)


def test_plain_http_is_for_a_site_without_https():
    url = "http://tiles.example.org/{z}/{x}/{y}.png"

    with pytest.raises(TileSourceError) as raised:
        read_tile_source(url, CREDIT, is_https=True)

    assert raised.value.problem is Problem.PLAIN_HTTP
    assert read_tile_source(url, CREDIT, is_https=False).origin == "http://tiles.example.org"


def test_signs_are_read_as_a_browser_reads_them():
    assert read_credits("&copy; A &amp; B < C") == (Credit("© A & B < C"),)
