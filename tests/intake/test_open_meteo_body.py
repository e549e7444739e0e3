"""What the parser makes of good and of bad answers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.factories import NOON
from tests.intake.bodies import make_body, make_item, make_items
from weatherapp.intake.open_meteo_body import parse_body, read_reason
from weatherapp.intake.source import SourceGarbledError, SourceRefusedError


def parse_one(item: dict[str, Any]) -> dict[str, float | None]:
    """The row of NOON."""
    (answer,) = parse_body(make_body(item), places=1)
    assert not isinstance(answer, SourceGarbledError), answer
    return answer.at(NOON)


def parse_wrong(item: Any) -> SourceGarbledError:
    """What is wrong with the only place."""
    (error,) = parse_body(json.dumps(item).encode(), places=1)
    assert isinstance(error, SourceGarbledError)
    return error


def test_an_hour_comes_in_the_projects_units():
    row = parse_one(make_item(now=NOON))

    assert row == {
        "temperature_c": 11.5,
        "dew_point_c": 8.2,
        "pressure_msl_hpa": 1009.3,
        "wind_speed_ms": 5.4,
        "wind_direction_deg": 231.0,
        "precipitation_mm": 0.3,
        "snowfall_cm": 0.0,
        "precipitation_probability": 0.65,
        "wind_gust_ms": 11.2,
        "weather_code": 61.0,
    }


@pytest.mark.parametrize(
    ("variable", "unit", "value", "name", "expected"),
    [
        pytest.param("temperature_2m", "°F", 50, "temperature_c", 10.0, id="fahrenheit"),
        pytest.param("wind_speed_10m", "km/h", 36, "wind_speed_ms", 10.0, id="kilometres an hour"),
        pytest.param("wind_speed_10m", "mp/h", 10, "wind_speed_ms", 4.4704, id="miles an hour"),
        pytest.param("wind_gusts_10m", "kn", 20, "wind_gust_ms", 10.2889, id="knots"),
        pytest.param("precipitation", "inch", 0.1, "precipitation_mm", 2.54, id="inches"),
    ],
)
def test_a_known_unit_is_read_from_the_body_and_converted(variable, unit, value, name, expected):
    item = make_item(now=NOON)
    item["hourly_units"][variable] = unit
    item["hourly"][variable] = [value] * len(item["hourly"]["time"])

    assert parse_one(item)[name] == expected


@pytest.mark.parametrize("unit", ["K", "", None, 7, ["°C"]])
def test_an_unknown_unit_garbles_the_answer(unit):
    item = make_item(now=NOON)
    item["hourly_units"]["temperature_2m"] = unit

    assert "unknown units" in str(parse_wrong(item))


def test_null_is_missing():
    item = make_item(now=NOON)
    item["hourly"]["precipitation"] = [None] * len(item["hourly"]["time"])

    assert parse_one(item)["precipitation_mm"] is None


def test_an_absent_variable_is_missing():
    item = make_item(now=NOON)
    del item["hourly"]["dew_point_2m"], item["hourly_units"]["dew_point_2m"]

    row = parse_one(item)

    assert row["dew_point_c"] is None
    assert row["temperature_c"] == 11.5


@pytest.mark.parametrize(
    ("variable", "text", "name"),
    [
        pytest.param("temperature_2m", "283.15", "temperature_c", id="kelvin"),
        pytest.param("temperature_2m", "-90.1", "temperature_c", id="colder than ever"),
        pytest.param("pressure_msl", "101325", "pressure_msl_hpa", id="pascal"),
        pytest.param("precipitation", "-0.1", "precipitation_mm", id="negative rain"),
        pytest.param("precipitation_probability", "101", "precipitation_probability", id="101 %"),
        pytest.param("wind_direction_10m", "361", "wind_direction_deg", id="361 degrees"),
        pytest.param("wind_gusts_10m", "9999", "wind_gust_ms", id="a sentinel"),
        pytest.param("weather_code", "100", "weather_code", id="no such code"),
        pytest.param("temperature_2m", "Infinity", "temperature_c", id="infinity"),
        pytest.param("temperature_2m", "NaN", "temperature_c", id="not a number"),
        pytest.param("temperature_2m", "9" * 5001, "temperature_c", id="5001 digits"),
    ],
)
def test_what_cannot_be_is_taken_as_missing_and_counted(variable, text, name, caplog):
    item = make_item(now=NOON)
    hours = len(item["hourly"]["time"])
    item["hourly"][variable] = "VALUES"
    values = f"[{', '.join([text] * hours)}]"
    body = make_body(item).replace(b'"VALUES"', values.encode())

    (parsed,) = parse_body(body, places=1)

    assert not isinstance(parsed, SourceGarbledError)
    assert parsed.at(NOON)[name] is None
    assert f"'{name}': {hours}" in caplog.text


def test_unix_times_are_read():
    item = make_item(now=NOON)
    item["hourly_units"]["time"] = "unixtime"
    item["hourly"]["time"] = [
        datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
        for text in item["hourly"]["time"]
    ]

    assert parse_one(item)["temperature_c"] == 11.5


def test_local_times_are_put_back_by_the_one_offset_of_the_series():
    item = make_item(now=NOON)
    item["utc_offset_seconds"] = -5 * 3600
    local = [datetime.fromisoformat(text) - timedelta(hours=5) for text in item["hourly"]["time"]]
    item["hourly"]["time"] = [f"{at:%Y-%m-%dT%H:%M}" for at in local]
    item["hourly"]["temperature_2m"][25] = 12.5  # the running hour's

    assert parse_one(item)["temperature_c"] == 12.5


def test_several_places_come_in_the_order_of_the_request():
    answers = parse_body(make_body(*make_items(3, now=NOON)), places=3)

    assert [answer.at(NOON)["temperature_c"] for answer in answers] == [0.0, 1.0, 2.0]


def test_a_list_of_one_is_understood_too():
    (answer,) = parse_body(json.dumps([make_item(now=NOON)]).encode(), places=1)

    assert answer.at(NOON)["temperature_c"] == 11.5


def test_a_garbled_place_does_not_spoil_the_others():
    items = make_items(3, now=NOON)
    items[1]["hourly"] = None

    first, second, third = parse_body(make_body(*items), places=3)

    assert first.at(NOON)["temperature_c"] == 0.0
    assert isinstance(second, SourceGarbledError)
    assert third.at(NOON)["temperature_c"] == 2.0


def test_places_that_changed_their_order_are_not_taken():
    items = make_items(3, now=NOON)

    first, *others = parse_body(make_body(items[0], items[2], items[1]), places=3)

    assert not isinstance(first, SourceGarbledError)
    assert all(isinstance(answer, SourceGarbledError) for answer in others)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"<html>502</html>", id="a page"),
        pytest.param(b"\xff\xfe\x00", id="bytes"),
        pytest.param(b"[" * 100_000, id="very deep"),
        pytest.param(
            make_body(make_item(now=NOON))[:-9] + b"Unexpected error while streaming data: timeout",
            id="an error after the answer has begun",
        ),
    ],
)
def test_a_body_that_is_no_json_is_garbled(body):
    with pytest.raises(SourceGarbledError, match="no JSON"):
        parse_body(body, places=1)


@pytest.mark.parametrize("places", [1, 3])
def test_an_answer_for_another_number_of_places_is_garbled(places):
    with pytest.raises(SourceGarbledError, match=f"Asked for {places} places, got 2"):
        parse_body(make_body(*make_items(2, now=NOON)), places=places)


def test_an_error_with_status_200_is_a_refusal():
    with pytest.raises(SourceRefusedError, match="Invalid timezone"):
        parse_body(b'{"error": true, "reason": "Invalid timezone"}', places=1)


@pytest.mark.parametrize("item", [None, [], "no", 3, True, {}, {"hourly": {}}])
def test_a_place_that_is_no_forecast_is_garbled(item):
    (error,) = parse_body(json.dumps([item]).encode(), places=1)

    assert isinstance(error, SourceGarbledError)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        pytest.param(("hourly", "time"), "noon", "no list", id="times are no list"),
        pytest.param(("hourly", "time"), ["noon"] * 75, "times", id="times are words"),
        pytest.param(("hourly", "time"), [3] * 75, "times", id="times are numbers"),
        pytest.param(("hourly", "time"), ["2026-01-01T00:00+02:00"] * 75, "times", id="an offset"),
        pytest.param(("hourly", "time"), ["2026-01-01T00:00"] * 75, "twice", id="one hour, often"),
        pytest.param(("hourly_units", "time"), "unixtime", "times", id="another form of times"),
        pytest.param(("hourly_units", "time"), "stardate", "times", id="an unknown form of times"),
        pytest.param(("utc_offset_seconds",), "two", "times", id="an offset in words"),
        pytest.param(("utc_offset_seconds",), 1e300, "times", id="an endless offset"),
        pytest.param(("hourly", "precipitation"), {}, "no list", id="values are no list"),
        pytest.param(("hourly", "precipitation"), [0.1], "1 values for 75", id="too few values"),
        pytest.param(("hourly", "precipitation"), ["0.1"] * 75, "a text", id="values as text"),
        pytest.param(("hourly", "precipitation"), [True] * 75, "true or false", id="truths"),
        pytest.param(("hourly", "precipitation"), [[0.1]] * 75, "a list", id="lists of lists"),
    ],
)
def test_a_broken_part_garbles_the_place(path, value, said):
    item = make_item(now=NOON)
    *parents, key = path
    target = item
    for parent in parents:
        target = target[parent]
    target[key] = value

    assert said in str(parse_wrong(item))


def test_an_answer_without_any_asked_variable_is_garbled():
    item = make_item(now=NOON)
    item["hourly"] = {"time": item["hourly"]["time"], "pm2_5": [1.0] * 75}

    assert "none of the variables" in str(parse_wrong(item))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b'{"error": true, "reason": "Invalid timezone"}', "Invalid timezone", id="is"),
        pytest.param(b'{"error": true}', "", id="none"),
        pytest.param(b'{"reason": 7}', "", id="a number"),
        pytest.param(b"[]", "", id="a list"),
        pytest.param(b"<html>", "", id="a page"),
        pytest.param(json.dumps({"reason": "x" * 999}).encode(), "x" * 299 + "…", id="long"),
        pytest.param(b'{"reason": "a\\nERROR b"}', "a ERROR b", id="two lines"),
    ],
)
def test_the_reason_of_an_error_is_read(body, reason):
    assert read_reason(body) == reason
