"""Places get their codes when they are made or moved, and when the table is another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOON, make_place
from tests.official.area_archives import emma, feature, square, write_archive
from weatherapp import tasks
from weatherapp.models import CodedPosition, Place, PlaceCode, TickRun
from weatherapp.official.areas import coding, table
from weatherapp.official.areas.build import build
from weatherapp.official.areas.geojson import read_areas
from weatherapp.official.areas.schemes import SAME_FOR_UGC

pytestmark = pytest.mark.django_db

NICE = (43.7, 7.26)


def code_places(*, now=NOON, is_time_up=lambda: False):
    return coding.code_places(now=now, is_time_up=is_time_up)


def read_codes(place):
    return list(place.codes.values_list("scheme", "value"))


@pytest.fixture
def small_table(tmp_path, monkeypatch):
    """One area around Dublin, whose code the test chooses."""

    def build_and_open(code):
        areas = {code: emma(code, [square(-7, 53)])}
        path = tmp_path / f"{code}.sqlite3"
        build(read_areas([write_archive(tmp_path / "emma", "EMMA_ID", areas)]), path)
        monkeypatch.setattr(table, "AREAS", path)

    return build_and_open


def test_a_new_place_gets_its_codes():
    dublin = make_place()

    assert code_places() == 1

    assert read_codes(dublin) == [("EMMA_ID", "IE012"), ("FIPS", "EI07")]
    assert dublin.coded_position.table_version == table.read_version()
    assert dublin.coded_position.coded_at == NOON


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [("CZ", []), ("C", ["012057"]), ("Z", ["012057"]), ("", ["012057"])],
)
def test_where_a_zone_or_a_county_is_not_known_same_stands_in(
    tmp_path, monkeypatch, kinds, expected
):
    area = feature([square(-83, 27)], STATE="FL", NAME="Hillsborough")
    path = tmp_path / "areas.sqlite3"
    archives = [
        write_archive(tmp_path / "ugc", "UGC", {f"FL{kind}057": area for kind in kinds}),
        write_archive(tmp_path / "same", "SAME", {"012057": area}),
    ]
    build(read_areas(archives), path)
    monkeypatch.setattr(table, "AREAS", path)
    tampa = make_place(name="Tampa", latitude=27.9, longitude=-82.5)

    code_places()

    assert list(tampa.codes.filter(scheme=SAME_FOR_UGC).values_list("value", flat=True)) == expected
    assert ("SAME", "012057") in read_codes(tampa)


def test_what_is_done_is_not_done_again():
    make_place()
    code_places()

    assert code_places(now=NOON + timedelta(hours=1)) == 0
    assert CodedPosition.objects.get().coded_at == NOON


def test_a_place_in_no_area_is_done_as_well():
    sydney = make_place(name="Sydney", latitude=-33.87, longitude=151.2)

    assert code_places() == 1

    assert read_codes(sydney) == []
    assert code_places() == 0


@pytest.mark.parametrize("moved", [{"latitude": 51.9, "longitude": -8.47}, {"longitude": -9.05}])
def test_a_place_that_was_moved_loses_the_codes_of_where_it_was(moved):
    place = make_place()
    code_places()

    Place.objects.filter(pk=place.pk).update(**moved)
    assert code_places() == 1

    assert ("EMMA_ID", "IE012") not in read_codes(place)
    assert read_codes(place)
    assert CodedPosition.objects.filter(**moved).exists()


def test_another_name_is_no_move():
    place = make_place()
    code_places()

    Place.objects.filter(pk=place.pk).update(name="Baile Átha Cliath", station="X")

    assert code_places() == 0


def test_all_places_get_the_codes_of_a_new_table(small_table):
    place = make_place()
    small_table("IE998")
    code_places()
    assert read_codes(place) == [("EMMA_ID", "IE998")]

    small_table("IE999")
    assert code_places() == 1

    assert read_codes(place) == [("EMMA_ID", "IE999")]


def test_a_place_that_is_moved_meanwhile_waits_for_the_next_turn(monkeypatch):
    place = make_place()
    find_codes = table.find_codes

    def find_and_move(latitude, longitude):
        Place.objects.filter(pk=place.pk).update(latitude=NICE[0], longitude=NICE[1])
        return find_codes(latitude, longitude)

    monkeypatch.setattr(table, "find_codes", find_and_move)
    code_places()
    assert not PlaceCode.objects.exists()
    assert not CodedPosition.objects.exists()

    monkeypatch.setattr(table, "find_codes", find_codes)
    code_places()
    assert ("NUTS3", "FR823") in read_codes(place)


def test_many_are_done_in_turns_and_the_time_ends_them(monkeypatch):
    monkeypatch.setattr(coding, "TOGETHER", 2)
    for number in range(5):
        make_place(name=f"Place {number}")

    assert code_places(is_time_up=lambda: True) == 2
    assert code_places() == 3
    assert CodedPosition.objects.count() == 5


def test_queries_do_not_grow_with_the_places(django_assert_num_queries):
    for number in range(20):
        make_place(name=f"Place {number}")

    with django_assert_num_queries(7):
        code_places()


def test_the_clock_does_it():
    place = make_place()

    tasks.code_places()

    assert read_codes(place)
    assert TickRun.objects.get(pk="code_places").error == ""


def test_a_place_that_is_deleted_takes_its_codes_along():
    place = make_place()
    code_places()

    place.delete()

    assert not PlaceCode.objects.exists()
    assert not CodedPosition.objects.exists()
