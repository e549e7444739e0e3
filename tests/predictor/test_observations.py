"""Reading observations: what is taken, what is dropped and said, what is refused."""

import gzip

import numpy as np
import pytest

from predictor import contract
from predictor.training.observations import (
    ObservationsError,
    find_files,
    from_hour,
    read_observations,
)
from tests.predictor.synthetic import (
    EAST_HILL,
    FIRST_HOUR,
    HEADER,
    WEST_BAY,
    make_rows,
    set_column,
    write_observations,
)

RAIN = contract.FEATURE_NAMES.index("precipitation_mm")


def test_a_file_becomes_a_grid_for_each_station(tmp_path):
    rows = make_rows(EAST_HILL, days=2) + make_rows(WEST_BAY, days=3)

    read = read_observations(write_observations(tmp_path / "two.csv.gz", rows))

    assert read.name == "two"
    assert read.rows == 120
    assert read.dropped == {}
    assert [(s.name, len(s.values)) for s in read.stations] == [("EAST HILL", 48), ("WEST BAY", 72)]
    assert from_hour(read.stations[0].first_hour) == FIRST_HOUR


def test_a_missing_hour_and_an_empty_cell_are_unknown(tmp_path):
    rows = make_rows(days=1)
    rows[3][HEADER.index("precipitation_mm")] = ""
    del rows[5]

    (station,) = read_observations(write_observations(tmp_path / "gaps.csv", rows)).stations

    assert np.flatnonzero(np.isnan(station.values[:, RAIN])).tolist() == [3, 5]


def test_an_hour_given_twice_is_kept_once_and_told(tmp_path):
    rows = make_rows(days=1)
    again = [*rows[4][:-1], "99.0"]

    read = read_observations(write_observations(tmp_path / "twice.csv", [*rows, again]))

    assert read.dropped == {"hour given twice (the first is kept)": 1}
    assert read.stations[0].values[4, RAIN] != 99.0


def test_rows_that_cannot_be_read_are_counted_by_reason(tmp_path):
    rows = make_rows(days=1)
    time = HEADER.index("time_utc")
    rows[0][time] = "2020-01-01T00:30Z"
    rows[1][time] = "2020-01-01T01:00"
    rows[2][time] = "yesterday"
    rows[3] = rows[3][:4]

    read = read_observations(write_observations(tmp_path / "odd.csv", rows))

    assert read.dropped == {
        "time off the hourly grid": 1,
        "time without zone": 1,
        "row that cannot be read": 2,
    }


def test_a_single_implausible_value_is_blanked_and_told(tmp_path):
    rows = make_rows(days=10)
    rows[30][HEADER.index("precipitation_mm")] = "9999"

    read = read_observations(write_observations(tmp_path / "spike.csv", rows))

    assert read.dropped == {"implausible precipitation_mm": 1}
    assert np.isnan(read.stations[0].values[30, RAIN])


@pytest.mark.parametrize(
    ("column", "change", "message"),
    [
        pytest.param(
            "temperature_c", lambda t: f"{float(t) + 273.15}", "temperature_c", id="kelvin"
        ),
        pytest.param("pressure_msl_hpa", lambda t: f"{float(t) * 100}", "pressure", id="pascal"),
        pytest.param("wind_speed_ms", lambda t: f"{float(t) * 6}", "km/h", id="wind too fast"),
        pytest.param("dew_point_c", lambda t: "30", "columns swapped", id="dew above temperature"),
    ],
)
def test_another_unit_is_refused(tmp_path, column, change, message):
    rows = set_column(make_rows(days=10), column, change)

    with pytest.raises(ObservationsError, match=message):
        read_observations(write_observations(tmp_path / "units.csv", rows))


def test_wrong_columns_are_refused_by_name(tmp_path):
    header = ["rain_inches" if name == "precipitation_mm" else name for name in HEADER]

    with pytest.raises(ObservationsError, match=r"missing: precipitation_mm; unknown: rain_inches"):
        read_observations(write_observations(tmp_path / "x.csv", make_rows(days=1), header))


def test_a_truncated_archive_is_refused_by_name(tmp_path):
    path = write_observations(tmp_path / "cut.csv.gz", make_rows(days=2))
    path.write_bytes(path.read_bytes()[:-40])

    with pytest.raises(ObservationsError, match=r"cut\.csv\.gz: cannot be read"):
        read_observations(path)


def test_a_file_without_rows_is_refused(tmp_path):
    with pytest.raises(ObservationsError, match="no usable row"):
        read_observations(write_observations(tmp_path / "empty.csv", []))


def test_a_file_that_is_no_table_is_refused(tmp_path):
    path = tmp_path / "noise.csv.gz"
    path.write_bytes(gzip.compress(b"\x00\xff\xfe"))

    with pytest.raises(ObservationsError, match="noise"):
        read_observations(path)


def test_a_folder_means_every_table_in_it(tmp_path):
    for name in ("b.csv", "a.csv.gz", "notes.txt"):
        write_observations(tmp_path / name, [])

    assert {path.name for path in find_files([tmp_path])} == {"a.csv.gz", "b.csv"}


def test_a_path_without_observations_is_refused(tmp_path):
    with pytest.raises(ObservationsError, match="nowhere"):
        find_files([tmp_path / "nowhere"])
