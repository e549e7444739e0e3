"""Places that get the same weather are asked for once, and never get that of elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from tests.factories import NOON, make_place
from tests.intake.bodies import make_body, make_item
from tests.intake.conftest import FORECAST_PATH
from weatherapp.intake.open_meteo_body import Grid
from weatherapp.intake.open_meteo_cells import find_cell
from weatherapp.intake.refresh import refresh
from weatherapp.intake.source import PointRequest
from weatherapp.models import Place

NOW = NOON + timedelta(minutes=7)
HOUR = timedelta(hours=1)
HERE, GRID = PointRequest(1, 53.351, -6.261, ""), Grid(53.34, -6.27, 11.0)


class Land:
    """Answers by latitude: the grid's latitude, the height, and the temperature."""

    def __init__(self, **places: tuple[float, float, float]) -> None:
        self.places = places
        self.asked: list[list[str]] = []

    def __call__(self, request: Request) -> Response:
        self.asked.append(request.args["latitude"].split(","))
        items = [self.make_item(*numbered) for numbered in enumerate(self.asked[-1])]
        return Response(make_body(*items))

    def make_item(self, index: int, latitude: str) -> dict:
        grid, height, temperature = self.places[f"at_{latitude.replace('.', '_')}"]
        item = make_item(now=NOW, index=index) | {"latitude": grid, "elevation": height}
        item["hourly"]["temperature_2m"] = [temperature] * 75
        return item


def make_places(*latitudes: float) -> list[Place]:
    return [
        make_place(name=f"Place {number}", latitude=latitude)
        for number, latitude in enumerate(latitudes)
    ]


def read_temperatures(places: list[Place]) -> list[float | None]:
    return [place.readings.latest().temperature_c for place in places]


@pytest.mark.parametrize(
    ("there", "grid"),
    [
        pytest.param((53.362, -6.261), GRID, id="a kilometre away"),
        pytest.param((53.351, -6.249), GRID, id="a kilometre away, to the east"),
        pytest.param((53.351, -6.261), Grid(53.36, -6.27, 11.0), id="another cell"),
        pytest.param((53.351, -6.261), Grid(53.34, -6.27, 31.0), id="higher by 20 m"),
    ],
)
def test_what_may_get_other_weather_has_another_cell(there, grid):
    assert find_cell(HERE, GRID) != find_cell(PointRequest(2, *there, ""), grid)


def test_neighbours_at_one_height_have_the_same_cell():
    neighbour = PointRequest(2, 53.3525, -6.2625, "")

    assert find_cell(HERE, GRID) == find_cell(neighbour, Grid(53.34, -6.27, 13.0)) != ""


def test_an_answer_without_its_height_is_nobody_elses():
    assert find_cell(HERE, None) == ""


@pytest.mark.django_db
def test_the_first_fetch_asks_for_each_and_the_next_for_one(site_source: HTTPServer):
    land = Land(
        at_53_3510=(53.34, 11.0, 9.0), at_53_3520=(53.34, 11.0, 9.0), at_53_4000=(53.4, 11.0, 7.0)
    )
    site_source.expect_request(FORECAST_PATH).respond_with_handler(land)
    places = make_places(53.351, 53.352, 53.4)
    ids = [place.pk for place in places]

    for hour in range(3):
        assert refresh(ids, now=NOW + hour * HOUR) == ids

    assert [len(asked) for asked in land.asked] == [3, 2, 2]
    assert land.asked[1] != land.asked[2], (
        "they take turns: each finds out whether it still is there"
    )
    assert read_temperatures(places) == [9.0, 9.0, 7.0]
    assert len({place.cell for place in Place.objects.all()}) == 2


@pytest.mark.django_db
def test_a_place_that_left_the_cell_does_not_speak_for_the_others(site_source: HTTPServer):
    land = Land(at_53_3510=(53.34, 11.0, 9.0), at_53_3520=(53.34, 11.0, 9.0))
    site_source.expect_request(FORECAST_PATH).respond_with_handler(land)
    places = make_places(53.351, 53.352)
    ids = [place.pk for place in places]
    refresh(ids, now=NOW)
    land.places = {"at_53_3510": (53.36, 90.0, 4.0), "at_53_3520": (53.34, 11.0, 9.5)}

    for hour in (1, 2):
        refresh(ids, now=NOW + hour * HOUR)

    assert read_temperatures(places) == [4.0, 9.5]
    assert len({place.cell for place in Place.objects.all()}) == 2


@pytest.mark.django_db
def test_what_is_wrong_with_one_place_is_not_its_neighbours_fault(site_source: HTTPServer):
    land = Land(at_53_3510=(53.34, 11.0, 9.0), at_53_3520=(53.34, 11.0, 9.0))
    site_source.expect_request(FORECAST_PATH).respond_with_handler(land)
    places = make_places(53.351, 53.352)
    ids = [place.pk for place in places]
    refresh(ids, now=NOW)
    make_good = land.make_item
    land.make_item = lambda index, latitude: (
        {} if latitude == "53.3510" else make_good(index, latitude)
    )

    stored = [refresh(ids, now=NOW + hour * HOUR) for hour in (1, 2)]

    assert all(places[1].pk in ids_stored for ids_stored in stored)


@pytest.mark.django_db
def test_a_source_that_is_away_is_asked_once_for_all_of_a_cell(site_source: HTTPServer):
    land = Land(at_53_3510=(53.34, 11.0, 9.0), at_53_3520=(53.34, 11.0, 9.0))
    site_source.expect_oneshot_request(FORECAST_PATH).respond_with_handler(land)
    site_source.expect_request(FORECAST_PATH).respond_with_data("", status=503)
    ids = [place.pk for place in make_places(53.351, 53.352)]
    refresh(ids, now=NOW)

    assert refresh(ids, now=NOW + HOUR) == []

    assert len(site_source.log) == 2
    assert list(Place.objects.values_list("fetch_failures", flat=True)) == [1, 1]


@pytest.mark.django_db
def test_a_moved_place_is_of_no_cell(site_source: HTTPServer):
    land = Land(at_53_3510=(53.34, 11.0, 9.0))
    site_source.expect_request(FORECAST_PATH).respond_with_handler(land)
    (place,) = make_places(53.351)
    refresh([place.pk], now=NOW)
    place.refresh_from_db()
    assert place.cell

    place.forget_weather(now=NOW)

    place.refresh_from_db()
    assert place.cell == ""
