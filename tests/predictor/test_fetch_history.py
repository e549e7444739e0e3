"""The archive's answers become training data; a stopped run goes on where it was."""

import argparse
import json
from datetime import UTC, date, datetime, timedelta

import httpx2
import pytest
from werkzeug import Response

from predictor.training import fetch_history
from predictor.training.history_source import (
    VARIABLES,
    Archive,
    HistoryGarbledError,
    HistoryRefusedError,
    HistoryUnavailableError,
    Place,
)
from predictor.training.observations import read_observations

RIGA = Place("Riga", 56.95, 24.11)
CORK = Place("Cork", 51.9, -8.47)
FIRST, LAST = date(2020, 12, 30), date(2021, 1, 2)
CALM = {
    "temperature_c": 3.0,
    "dew_point_c": 1.0,
    "pressure_msl_hpa": 1010.0,
    "wind_speed_ms": 4.0,
    "wind_direction_deg": 200,
    "precipitation_mm": 0.2,
}


def make_body(first=FIRST, last=LAST, **changes):
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    hours = ((last - first).days + 1) * 24
    times = [(start + timedelta(hours=n)).strftime("%Y-%m-%dT%H:%M") for n in range(hours)]
    values = {**CALM, **changes}
    return {
        "hourly_units": {"time": "iso8601", **dict(VARIABLES.values())},
        "hourly": {
            "time": times,
            **{VARIABLES[name][0]: [value] * hours for name, value in values.items()},
        },
    }


def answer_any_span(request):
    first, last = (date.fromisoformat(request.args[name]) for name in ("start_date", "end_date"))
    return Response(json.dumps(make_body(first, last)))


@pytest.fixture
def waits():
    return []


@pytest.fixture
def archive(httpserver, waits):
    with httpx2.Client() as client:
        yield Archive(client, httpserver.url_for("/v1/archive"), waits.append)


def test_a_history_is_a_file_that_training_reads(archive, httpserver, tmp_path):
    httpserver.expect_request("/v1/archive").respond_with_handler(answer_any_span)
    out = tmp_path / "mine.csv.gz"

    fetch_history.fetch_history(archive, [RIGA, CORK], FIRST, LAST, out)

    read = read_observations(out)
    assert [(s.name, len(s.values)) for s in read.stations] == [("Cork", 96), ("Riga", 96)]
    assert read.dropped == {}
    assert read.stations[0].values[0].tolist() == pytest.approx(list(CALM.values()))


def test_each_calendar_year_is_asked_for_once_in_metres_a_second(archive, httpserver, tmp_path):
    httpserver.expect_request("/v1/archive").respond_with_handler(answer_any_span)

    fetch_history.fetch_history(archive, [RIGA], FIRST, LAST, tmp_path / "mine.csv.gz")

    asked = [request.args for request, _ in httpserver.log]
    assert [(a["start_date"], a["end_date"]) for a in asked] == [
        ("2020-12-30", "2020-12-31"),
        ("2021-01-01", "2021-01-02"),
    ]
    assert all(a["wind_speed_unit"] == "ms" and a["timezone"] == "GMT" for a in asked)


def test_a_stopped_run_goes_on_where_it_was(archive, httpserver, tmp_path):
    out = tmp_path / "mine.csv.gz"
    httpserver.expect_ordered_request("/v1/archive").respond_with_handler(answer_any_span)
    httpserver.expect_ordered_request("/v1/archive").respond_with_json(
        {"reason": "bad"}, status=400
    )
    httpserver.expect_ordered_request("/v1/archive").respond_with_handler(answer_any_span)
    with pytest.raises(HistoryRefusedError):
        fetch_history.fetch_history(archive, [RIGA], FIRST, LAST, out)
    assert not out.exists()

    fetch_history.fetch_history(archive, [RIGA], FIRST, LAST, out)

    assert len(httpserver.log) == 3
    assert len(read_observations(out).stations[0].values) == 96


@pytest.mark.parametrize(
    ("reason", "pause_s"),
    [
        pytest.param("Minutely API request limit exceeded.", 61.0, id="minute"),
        pytest.param("Hourly API request limit exceeded.", 3601.0, id="hour"),
        pytest.param("Too many concurrent requests", 5.0, id="concurrent"),
        pytest.param("Slow down", 61.0, id="unknown reason"),
    ],
)
def test_a_busy_archive_is_asked_again_after_the_wait_it_names(
    archive, httpserver, waits, reason, pause_s
):
    httpserver.expect_ordered_request("/v1/archive").respond_with_json(
        {"error": True, "reason": reason}, status=429
    )
    httpserver.expect_ordered_request("/v1/archive").respond_with_handler(answer_any_span)

    rows = archive.fetch(RIGA, FIRST, FIRST)

    assert len(rows) == 24
    assert waits[0] == pause_s


def test_calls_keep_to_the_free_allowance(archive, httpserver, waits):
    httpserver.expect_request("/v1/archive").respond_with_handler(answer_any_span)

    archive.fetch(RIGA, date(2021, 1, 1), date(2021, 12, 31))

    # A year of 6 variables weighs 15.6 calls of the 5,000 an hour.
    assert waits == [pytest.approx(11.3, abs=0.1)]


def test_a_failing_archive_is_given_up_after_some_tries(archive, httpserver, waits):
    httpserver.expect_request("/v1/archive").respond_with_data("gateway", status=502)

    with pytest.raises(HistoryUnavailableError, match="Riga 2020: HTTP 502"):
        archive.fetch(RIGA, FIRST, FIRST)

    assert len(httpserver.log) == len(waits) + 1 == 6


def test_an_archive_that_cannot_be_reached_is_named(waits):
    with httpx2.Client() as client:
        nowhere = Archive(client, "http://127.0.0.1:9/", waits.append)

        with pytest.raises(HistoryUnavailableError, match="ConnectError"):
            nowhere.fetch(RIGA, FIRST, FIRST)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        pytest.param('{"hourly": {"time": [', "no JSON", id="broken JSON with status 200"),
        pytest.param("[1]", "an object was agreed", id="a list"),
        pytest.param("{}", "hourly", id="nothing inside"),
    ],
)
def test_a_garbled_answer_is_refused_and_not_kept(archive, httpserver, tmp_path, body, message):
    httpserver.expect_request("/v1/archive").respond_with_data(body)

    with pytest.raises(HistoryGarbledError, match=message):
        fetch_history.fetch_history(archive, [RIGA], FIRST, FIRST, tmp_path / "mine.csv.gz")

    assert list((tmp_path / "mine.csv.gz.parts").iterdir()) == []


def test_another_unit_is_refused(archive, httpserver):
    body = make_body()
    body["hourly_units"]["wind_speed_10m"] = "km/h"
    httpserver.expect_request("/v1/archive").respond_with_json(body)

    with pytest.raises(HistoryGarbledError, match="'km/h'"):
        archive.fetch(RIGA, FIRST, LAST)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"temperature_c": 276.0}, id="kelvin"),
        pytest.param({"precipitation_mm": "much"}, id="text"),
    ],
)
def test_an_impossible_value_is_refused(archive, httpserver, changes):
    httpserver.expect_request("/v1/archive").respond_with_json(make_body(**changes))

    with pytest.raises(HistoryGarbledError, match=next(iter(changes))):
        archive.fetch(RIGA, FIRST, LAST)


def test_unknown_hours_stay_unknown(archive, httpserver, tmp_path):
    httpserver.expect_request("/v1/archive").respond_with_json(
        make_body(FIRST, FIRST, dew_point_c=None)
    )

    assert archive.fetch(RIGA, FIRST, FIRST)[0][2] is None


def test_a_place_is_read_from_the_command_line():
    assert fetch_history.parse_place("Riga, Latvia,56.95,24.11") == Place(
        "Riga, Latvia", 56.95, 24.11
    )


@pytest.mark.parametrize("text", ["Riga", "Riga,north,24", ",56,24", "Riga,91,24"])
def test_what_is_no_place_is_refused(text):
    with pytest.raises(argparse.ArgumentTypeError):
        fetch_history.parse_place(text)


def test_the_command_says_whose_data_it_is(httpserver, tmp_path, capsys):
    httpserver.expect_request("/v1/archive").respond_with_handler(answer_any_span)
    out = tmp_path / "mine.csv.gz"

    span = ["--first", "2021-01-01", "--last", "2021-01-02"]
    where = ["--out", str(out), "--url", httpserver.url_for("/v1/archive")]

    code = fetch_history.main(["--place", "Riga,56.95,24.11", *span, *where])

    assert code == 0
    assert "Open-Meteo.com, CC BY 4.0" in capsys.readouterr().out
