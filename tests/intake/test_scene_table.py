"""How the table of past weather is made from its source."""

from __future__ import annotations

import gzip
import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from weatherapp.intake.scenes import make
from weatherapp.intake.scenes.table import TABLE_PATH

README = TABLE_PATH.with_name("README.md")


def make_row(time_hour: str = "2013-06-07T19:00:00Z", **values: str) -> dict[str, str]:
    """A row of the source: degrees Fahrenheit, miles an hour, inches."""
    calm = {
        "origin": "EWR",
        "temp": "64.04",
        "dewp": "62.96",
        "humid": "96.3",
        "wind_dir": "30",
        "wind_speed": "8.05546",
        "wind_gust": "NA",
        "precip": "0.13",
        "pressure": "1008.6",
        "visib": "2",
    }
    return {"time_hour": time_hour} | calm | values


def make_day(**values: list[str]) -> list[dict[str, str]]:
    """As many hours as there are values."""
    hours = len(next(iter(values.values())))
    return [
        make_row(f"2013-06-07T{hour:02}:00:00Z", **{name: values[name][hour] for name in values})
        for hour in range(hours)
    ]


def test_units_are_converted():
    hours, _ = make.build([make_row()])

    (values,) = hours.values()
    assert values == {
        "temperature_c": 17.8,
        "dew_point_c": 17.2,
        "pressure_msl_hpa": 1008.6,
        "wind_speed_ms": 3.6,
        "wind_direction_deg": 30.0,
        "precipitation_mm": 3.3,
    }


def test_na_is_missing():
    columns = ["temp", "dewp", "pressure", "wind_speed", "wind_dir", "precip"]
    hours, emptied = make.build([make_row(**dict.fromkeys(columns, "NA"))])

    (values,) = hours.values()
    assert set(values.values()) == {None}
    assert not emptied


def test_a_row_is_known_at_the_end_of_its_hour():
    """The source's 19:00 was measured at 19:51: at 19:00 it would be the future."""
    (((_, observed_at), _),) = make.build([make_row("2013-06-07T19:00:00Z")])[0].items()

    assert observed_at == datetime(2013, 6, 7, 20, tzinfo=UTC)


def test_both_hours_of_the_autumn_night_are_kept():
    rows = [make_row("2013-11-03T05:00:00Z"), make_row("2013-11-03T06:00:00Z")]  # 1:00 twice

    assert len(make.build(rows)[0]) == 2


def test_a_value_that_cannot_be_is_emptied_and_counted():
    hours, emptied = make.build([make_row(wind_speed="1048.36058")])

    (values,) = hours.values()
    assert values["wind_speed_ms"] is None
    assert values["temperature_c"] == 17.8
    assert emptied == {"wind_speed_ms": 1}


@pytest.mark.parametrize(
    ("temperatures_f", "kept"),
    [
        pytest.param(["57.02", "13.10", "57.20"], False, id="a slip down"),
        pytest.param(["13.10", "57.02", "13.10"], False, id="a slip up"),
        pytest.param(["57.02", "13.10", "13.10"], True, id="a fall that lasts"),
        pytest.param(["57.02", "41.00", "57.20"], True, id="within the limit"),
        pytest.param(["57.02", "13.10", "NA"], True, id="no neighbour to compare with"),
    ],
)
def test_a_single_hour_far_from_both_neighbours_is_emptied(temperatures_f, kept):
    hours, emptied = make.build(make_day(temp=temperatures_f))

    middle = hours["EWR", datetime(2013, 6, 7, 2, tzinfo=UTC)]
    assert (middle["temperature_c"] is not None) == kept
    assert emptied["temperature_c"] == (0 if kept else 1)


def test_a_gap_is_no_neighbour():
    rows = make_day(temp=["57.02", "13.10", "57.20"])
    rows[2]["time_hour"] = "2013-06-07T09:00:00Z"

    _, emptied = make.build(rows)

    assert not emptied


def test_the_same_rows_make_the_same_bytes(tmp_path: Path):
    rows = [make_row("2013-06-07T19:00:00Z"), make_row("2013-06-07T18:00:00Z", temp="NA")]
    for name, order in (("one", rows), ("two", rows[::-1])):
        make.write_table(make.build(order)[0], tmp_path / name)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert gzip.decompress((tmp_path / "one").read_bytes()).decode().splitlines()[1:] == [
        "EWR,2013-06-07T19Z,,17.2,1008.6,3.6,30,3.3",
        "EWR,2013-06-07T20Z,17.8,17.2,1008.6,3.6,30,3.3",
    ]


def test_another_source_file_is_not_taken(tmp_path: Path):
    (tmp_path / "weather.csv").write_text("origin,time_hour\n")

    with pytest.raises(make.SourceChangedError, match=make.SOURCE_SHA256):
        make.read_source(tmp_path / "weather.csv")


def test_the_readme_names_the_source_and_the_table_that_are_there():
    text = README.read_text()

    assert f"{make.PACKAGE} {make.PACKAGE_VERSION}" in text
    assert make.SOURCE_SHA256 in text
    assert hashlib.sha256(gzip.decompress(TABLE_PATH.read_bytes())).hexdigest() in text


def test_the_table_is_what_the_script_makes_of_the_package(tmp_path: Path):
    hours, emptied = make.build(make.read_source(make.find_source()))
    make.write_table(hours, tmp_path / "table")

    # Unpacked: how well zlib packs differs between machines.
    made, there = (gzip.decompress(path.read_bytes()) for path in (tmp_path / "table", TABLE_PATH))
    assert made == there
    assert emptied == {"wind_speed_ms": 1, "temperature_c": 1, "dew_point_c": 1}


def test_the_table_is_small():
    assert TABLE_PATH.stat().st_size < 600_000


def test_the_table_is_by_station_and_time_without_repeats():
    lines = gzip.decompress(TABLE_PATH.read_bytes()).decode().splitlines()[1:]
    keys = [tuple(line.split(",")[:2]) for line in lines]

    assert keys == sorted(set(keys))
    assert keys[0] == ("EWR", "2013-01-01T07Z")
    step = timedelta(hours=1)
    assert datetime.fromisoformat(keys[1][1]) - datetime.fromisoformat(keys[0][1]) == step
