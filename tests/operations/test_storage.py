"""What `manage.py storage` says of tables, places and plans."""

import pytest
from django.core.management import call_command
from django.db import connection

from tests.factories import NOON, make_place, make_prediction, make_readings
from weatherapp.intake.retention import KEPT, count_kept_rows
from weatherapp.models import Prediction, Reading
from weatherapp.models.packed import pack, unpack
from weatherapp.operations import storage
from weatherapp.operations.storage import Storage, Table, read_storage

pytestmark = pytest.mark.django_db


def test_rows_and_bytes_are_counted_on_this_database():
    make_readings(make_place(), until=NOON, hours=200)

    read = read_storage()

    tables = {table.name: table for table in read.tables}
    readings = tables["weatherapp_reading"]
    assert (read.places, readings.rows, read.is_estimated) == (1, 200, False)
    assert 50 < readings.row_bytes < 1500  # small tables have room left
    assert readings.size_bytes < read.size_bytes
    assert readings.rows_at_most == 2400


@pytest.mark.skipif(connection.vendor == "postgresql", reason="it can always say")
def test_where_the_database_cannot_say_bytes_are_shared_out_by_rows(monkeypatch, capsys):
    monkeypatch.setattr(storage, "SQLITE_SIZES", "SELECT name FROM no_such_table")
    make_readings(make_place(), hours=50)

    call_command("storage")

    assert "estimated" in capsys.readouterr().out


def test_how_many_places_fit_counts_what_a_grown_place_takes():
    growing = Table("readings", rows=24, size_bytes=2400, is_of_places=True, rows_at_most=2400)
    fixed = Table("users", rows=3, size_bytes=5000, is_of_places=False, rows_at_most=None)
    read = Storage((growing, fixed), places=1, size_bytes=12_400, is_estimated=False)

    assert read.place_bytes == 240_000
    assert read.count_places(1e9) == int((0.9e9 - 10_000) / 240_000)
    assert read.count_places(1_000) == 0


def test_the_command_prints_a_line_a_table_and_the_sum(capsys):
    make_prediction(make_place())

    call_command("storage", plan_gb=10)

    out = capsys.readouterr().out
    assert "weatherapp_prediction " in out
    assert "10 GB hold" in out


def test_without_places_nothing_is_promised(capsys):
    call_command("storage")

    assert "what one takes is not known" in capsys.readouterr().out


def test_old_answers_are_kept_more_rarely_than_readings():
    kept = count_kept_rows()

    assert kept[Reading] == KEPT.days * 24
    assert kept[Prediction] < kept[Reading] / 2


@pytest.mark.parametrize("value", [[0.1234, None, 1.0], {"source": "x", "weights": []}, "0.6", []])
def test_what_is_packed_comes_back(value):
    assert unpack(pack(value, 4), "a field") == value


def test_numbers_are_rounded_when_packed():
    assert unpack(pack({"a": (0.123456, 7)}, 4), "a field") == {"a": [0.1235, 7]}


@pytest.mark.parametrize("packed", [b"", b"\x63abc", b"\x00\xff\xff", pack([1.0] * 50, 4)[:-4]])
def test_what_cannot_be_unpacked_is_unknown_and_said(packed, caplog):
    assert unpack(packed, "a field") is None
    assert "a field cannot be unpacked" in caplog.text
