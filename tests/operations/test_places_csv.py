"""Places go out and come in as a table: all or nothing, with each mistake by its line and column."""

from __future__ import annotations

import csv
import io

import pytest
from django.core.management import CommandError, call_command
from django.template.loader import render_to_string

from tests.factories import NOON, make_place, make_readings
from weatherapp import tasks
from weatherapp.models import Place, Tag
from weatherapp.operations.places_csv.columns import guard, unguard
from weatherapp.operations.places_csv.read import PlacesCsvError, Problem, read_places
from weatherapp.operations.places_csv.store import import_places
from weatherapp.operations.places_csv.write import write_places

pytestmark = pytest.mark.django_db
HEADER = "name,latitude,longitude,time_zone,country,tags\n"


@pytest.fixture(autouse=True)
def live(settings):
    settings.WEATHER_SOURCE = "open_meteo"


def store(text, **more):
    return import_places(text, now=NOON, **more)


def problems_of(text):
    with pytest.raises(PlacesCsvError) as caught:
        store(text)
    return [(one.line, one.column, one.code) for one in caught.value.problems]


def test_new_places_get_the_zone_and_country_of_the_nearest_city():
    stored = store("name,latitude,longitude\nLyon,45.76,4.84\n")

    place = Place.objects.get()
    assert (stored.created, place.time_zone, place.country) == (1, "Europe/Paris", "FR")
    assert place.next_refresh_at is None  # due at once


def test_what_is_written_is_read_again_and_changes_nothing():
    place = make_place(name="=SUM(A1)", country="IE")
    place.tags.set([Tag.objects.create(name="-coast"), Tag.objects.create(name="b")])
    make_place(name='\'quoted, and "more"', latitude=-0.5, longitude=-179.123456)
    make_place(name="Łódź")
    table = "".join(write_places())
    stored = store(table)

    assert (stored.created, stored.changed, stored.same) == (0, 0, 3)
    assert "".join(write_places()) == table


def test_no_cell_of_text_begins_as_a_formula():
    place = make_place(name="=HYPERLINK(1)")
    place.tags.add(Tag.objects.create(name="@x"))
    (row,) = csv.DictReader(io.StringIO("".join(write_places())))

    assert (row["name"], row["tags"]) == ("'=HYPERLINK(1)", "'@x")


@pytest.mark.parametrize("text", ["", "a", "=1", "+1", "-1", "@a", "'", "'=1", "''x", "'a", "\t1"])
def test_guarding_is_undone_by_reading(text):
    assert unguard(guard(text)) == text


def test_a_known_place_is_changed_to_what_the_table_says():
    place = make_place(name="Cork", time_zone="UTC", country="IE")
    place.tags.add(Tag.objects.create(name="old"))
    stored = store(HEADER + "Cork,53.35,-6.26,Europe/Dublin,,New|coast\n")

    place.refresh_from_db()
    assert (stored.changed, stored.moved, stored.to_evaluate) == (1, 0, [place.pk])
    assert (place.time_zone, place.country) == ("Europe/Dublin", "IE")
    assert {tag.name for tag in place.tags.all()} == {"New", "coast"}


def test_a_place_that_is_elsewhere_forgets_the_weather_of_before():
    place = make_place(name="Cork")
    make_readings(place)
    stored = store("name,latitude,longitude\nCork,51.9,-8.47\n")

    place.refresh_from_db()
    assert (stored.moved, place.latitude, place.moved_at) == (1, 51.9, NOON)
    assert not place.readings.exists()


def test_tags_stay_without_a_column_of_tags_and_go_with_an_empty_cell():
    place = make_place(name="Cork", latitude=51.9, longitude=-8.47)
    place.tags.add(Tag.objects.create(name="coast"))
    store("name,latitude,longitude\nCork,51.9,-8.47\n")
    assert place.tags.count() == 1
    store("name,latitude,longitude,tags\nCork,51.9,-8.47,\n")
    assert place.tags.count() == 0


def test_tags_are_one_whatever_their_case():
    Tag.objects.create(name="Coast")
    store(HEADER + "A,45.76,4.84,,,coast\nB,45.7,4.8,,,COAST|côte\n")

    assert sorted(Tag.objects.values_list("name", flat=True)) == ["Coast", "côte"]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffname;latitude;longitude\r\nLyon;45,76;4,84\r\n",
        "Name\tLatitude\tLongitude\nLyon\t45.76\t4.84\n",
        'longitude,name,latitude\n4.84,"Lyon",45.76\n\n',
    ],
)
def test_tables_of_any_spreadsheet_are_read(text):
    (row,) = read_places(text)

    assert (row.name, row.latitude, row.longitude) == ("Lyon", 45.76, 4.84)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", [(1, "", "empty")]),
        ("a\0b", [(1, "", "not_text")]),
        ("name,latitude\n", [(1, "longitude", "no_column")]),
        ("name,latitude,longitude,place\n", [(1, "place", "unknown_column")]),
        ("name,name,latitude,longitude\n", [(1, "name", "column_twice")]),
        (HEADER + 'A,1,2,"', [(2, "", "not_csv")]),
        (HEADER + "A,1,2,,,,,\n", [(2, "", "too_many_cells")]),
        (HEADER + ",1,2\n", [(2, "name", "no_name")]),
        (HEADER + "x" * 81 + ",1,2\n", [(2, "name", "too_long")]),
        (HEADER + "A,91,2\n\nB,1,nan\nC\n",
         [(2, "latitude", "latitude"), (4, "longitude", "longitude"), (5, "latitude", "latitude"),
          (5, "longitude", "longitude")]),
        (HEADER + "A,1,2,Mars/Base,XX," + "t" * 41 + "\n",
         [(2, "time_zone", "zone"), (2, "country", "country"), (2, "tags", "too_long")]),
        (HEADER + "A,1,2,UTC\nA,1,2,UTC\n", [(3, "name", "twice")]),
        (HEADER + "Pacific,0,-140\n", [(2, "time_zone", "no_city")]),
    ],
)  # fmt: skip
def test_each_mistake_is_told_with_its_line_and_column(text, problems):
    assert problems_of(text) == problems
    for line, column, code in problems:
        said = render_to_string(
            "operations/place_problem.txt", {"problem": Problem(line, column, code, "7")}
        )
        assert len(said.split(": ", 1)[1].strip()) > 20


def test_all_or_nothing():
    make_place(name="Cork", time_zone="UTC")
    text = HEADER + "Cork,53.35,-6.26,Europe/Dublin\nLyon,45.76,4.84,,,new\nPacific,0,-140\n"

    assert problems_of(text) == [(4, "time_zone", "no_city")]
    assert list(Place.objects.values_list("name", "time_zone")) == [("Cork", "UTC")]
    assert not Tag.objects.exists()


def test_a_trial_stores_nothing():
    stored = store(HEADER + "Lyon,45.76,4.84,,,new\n", is_trial=True)

    assert (stored.created, stored.is_trial) == (1, True)
    assert not Place.objects.exists()
    assert not Tag.objects.exists()


def test_a_replay_says_that_a_place_needs_a_station(settings):
    settings.WEATHER_SOURCE = "replay"

    assert problems_of(HEADER + "Lyon,45.76,4.84\n") == [(2, "name", "replay")]


def test_commands_write_and_read_a_file(tmp_path, capsys, monkeypatch):
    evaluated = []
    monkeypatch.setattr(
        tasks.evaluate_places, "delay", lambda place_ids: evaluated.extend(place_ids)
    )
    place = make_place(name="Łódź", latitude=51.77, longitude=19.46)
    path = tmp_path / "places.csv"
    call_command("export_places", str(path))
    path.write_text(path.read_text().replace("Europe/Dublin,,", "Europe/Warsaw,PL,coast"))

    call_command("import_places", str(path), "--dry-run")
    assert "Only tried" in capsys.readouterr().out
    assert evaluated == []
    call_command("import_places", str(path))
    assert "Changed: 1" in capsys.readouterr().out
    assert evaluated == [place.pk]
    call_command("export_places")
    assert "Łódź,51.77,19.46,Europe/Warsaw,PL,coast" in capsys.readouterr().out


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"name\n"])
def test_a_file_that_cannot_be_stored_says_why(tmp_path, content):
    path = tmp_path / "places.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=r"cannot be read|UTF-8|is missing"):
        call_command("import_places", str(path))


def test_thousands_are_stored_in_a_few_queries(django_assert_max_num_queries):
    lines = "".join(f"P{n},{n % 80},{n % 170},UTC,IE,coast\n" for n in range(2_000))
    with django_assert_max_num_queries(70):
        store(HEADER + lines)

    assert Place.objects.count() == 2_000
