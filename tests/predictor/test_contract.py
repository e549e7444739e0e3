"""The agreement between the site and the predictor."""

import json
import math
from datetime import datetime, timedelta, timezone

import pytest

from predictor import contract
from tests.predictor.windows import NOON, make_hours, make_window


def make_answer(**changes):
    fields = {
        "hourly_probability": (0.1,) * contract.LEAD_HOURS,
        "probability_any_6h": 0.2,
        "probability_any_24h": 0.3,
        "model_name": "rain_mini",
        "model_version": "1-abcd",
        "elapsed_ms": 1.5,
    }
    return contract.Answer(**{**fields, **changes})


def test_a_window_survives_the_wire():
    window = make_window(make_hours(precipitation_mm=None))

    message = json.loads(json.dumps(window.to_wire()))

    assert contract.parse_window(contract.SCHEMA_VERSION, message) == window


def test_a_place_without_a_record_has_no_climate():
    message = make_window(climate=None).to_wire()

    assert set(message.pop("climate").values()) == {None}
    assert (
        contract.parse_window(contract.SCHEMA_VERSION, message).climate == contract.UNKNOWN_CLIMATE
    )


def test_what_a_climate_does_not_name_is_unknown():
    window = make_window(climate={"known_days": 3.5})

    assert window.climate[contract.CLIMATE_NAMES.index("known_days")] == 3.5
    assert window.climate.count(None) == len(contract.CLIMATE) - 1


def test_what_a_newer_site_says_more_is_ignored():
    """Site and predictor change one after the other; within a schema only additions are allowed."""
    window = make_window()
    message = window.to_wire()
    message |= {"height_m": 12, "climate": message["climate"] | {"usual_snow_cm": 3.0}}

    assert contract.parse_window(contract.SCHEMA_VERSION, message) == window


def test_what_a_newer_predictor_says_more_is_ignored():
    answer = make_answer()

    assert contract.parse_answer(answer.to_wire() | {"ensemble": [1, 2]}) == answer


def test_an_answer_survives_the_wire():
    answer = make_answer()

    assert contract.parse_answer(json.loads(json.dumps(answer.to_wire()))) == answer


def test_a_refusal_survives_the_wire():
    refusal = contract.Refusal("NoModelError", "train one")

    assert contract.parse_answer(refusal.to_wire()) == refusal


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("temperature_c", 283.15, id="kelvin"),
        pytest.param("temperature_c", math.nan, id="not a number"),
        pytest.param("temperature_c", "12", id="text"),
        pytest.param("temperature_c", True, id="truth value"),
        pytest.param("pressure_msl_hpa", 101_325.0, id="pascal"),
        pytest.param("wind_speed_ms", -0.1, id="negative wind"),
        pytest.param("wind_direction_deg", 360.5, id="beyond the circle"),
        pytest.param("precipitation_mm", math.inf, id="infinite rain"),
    ],
)
def test_an_implausible_value_is_refused_by_name(name, value):
    with pytest.raises(contract.ContractError, match=f"hour 0 {name}"):
        make_window(make_hours(**{name: value}))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("temperature_c", -90.0, id="coldest"),
        pytest.param("wind_direction_deg", 360.0, id="north"),
        pytest.param("precipitation_mm", 305.0, id="wettest"),
        pytest.param("dew_point_c", None, id="unknown"),
    ],
)
def test_a_value_on_the_bound_is_taken(name, value):
    assert (
        make_window(make_hours(**{name: value})).hours[0][contract.FEATURE_NAMES.index(name)]
        == value
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"latitude": 90.5}, "latitude must be within", id="beyond the pole"),
        pytest.param({"longitude": math.nan}, "longitude must be a finite", id="no longitude"),
        pytest.param({"window_end_at": datetime(2013, 6, 7, 12)}, "time zone", id="naive time"),  # noqa: DTZ001
        pytest.param({"window_end_at": NOON + timedelta(minutes=1)}, "full hour", id="minutes"),
        pytest.param({"hours": make_hours()[1:]}, "24 hours, got 23", id="an hour short"),
        pytest.param({"hours": [[1.0]] * 24}, "hour 0 must hold 6", id="columns short"),
        pytest.param({"climate": [12.0]}, "climate must be an object", id="a nameless climate"),
        pytest.param(
            {"climate": {"wet_1h_share": 12.0}}, "climate wet_1h_share must be", id="per cent"
        ),
        pytest.param(
            {"climate": {"usual_temperature_c": 285.0}}, "usual_temperature_c", id="usual kelvin"
        ),
    ],
)
def test_a_malformed_window_is_refused(changes, message):
    with pytest.raises(contract.ContractError, match=message):
        make_window(**changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"hours": [["x\n" * 100_000] * 6] * 24},
        {"window_end_at": "x\n" * 100_000},
        {"latitude": 10**4000},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_an_error_repeats_little_of_what_a_message_says(changes):
    with pytest.raises(contract.ContractError) as caught:
        contract.parse_window(contract.SCHEMA_VERSION, make_window().to_wire() | changes)

    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 300


def test_another_time_zone_means_the_same_hour():
    end_at = NOON.astimezone(timezone(timedelta(hours=-5)))

    assert make_window(window_end_at=end_at).window_end_at == NOON


def test_too_few_values_are_refused():
    nothing = [None] * len(contract.FEATURES)
    hours = [nothing] * 19 + make_hours()[:5]  # 5 x 6 = 30 values

    with pytest.raises(contract.ContractError, match="30 of 144 values present, at least 36"):
        make_window(hours)


def test_old_values_alone_are_refused():
    nothing = [None] * len(contract.FEATURES)
    hours = make_hours()[:20] + [nothing] * 4

    with pytest.raises(contract.ContractError, match="2 of the last 6 hours"):
        make_window(hours)


@pytest.mark.parametrize("version", [0, 1, "2", None])
def test_another_schema_version_is_refused(version):
    with pytest.raises(contract.ContractError, match="schema_version"):
        contract.parse_window(version, make_window().to_wire())


@pytest.mark.parametrize(
    "message",
    [
        pytest.param({}, id="empty"),
        pytest.param(None, id="nothing"),
        pytest.param({**make_window().to_wire(), "window_end_at": "soon"}, id="no time"),
        pytest.param({**make_window().to_wire(), "hours": "many"}, id="no rows"),
        pytest.param({**make_window().to_wire(), "hours": [3] * 24}, id="rows of numbers"),
    ],
)
def test_a_message_that_holds_no_window_is_refused(message):
    with pytest.raises(contract.ContractError):
        contract.parse_window(contract.SCHEMA_VERSION, message)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"outcome": "PERHAPS"}, id="unknown outcome"),
        pytest.param({"schema_version": 7}, id="other version"),
        pytest.param({"hourly_probability": [0.1] * 23}, id="an hour short"),
        pytest.param({"hourly_probability": [1.1] * 24}, id="above one"),
        pytest.param({"probability_any_6h": None}, id="no any-6"),
        pytest.param({"elapsed_ms": -1.0}, id="time runs backwards"),
        pytest.param({"elapsed_ms": float("inf")}, id="for ever"),
        pytest.param({"elapsed_ms": 10**400}, id="a number of 400 digits"),
        pytest.param({"probability_any_6h": float("nan")}, id="no number"),
        pytest.param({"model_name": ""}, id="nameless model"),
    ],
)
def test_a_malformed_answer_is_refused(changes):
    with pytest.raises(contract.ContractError):
        contract.parse_answer({**make_answer().to_wire(), **changes})


def test_an_answer_that_is_no_object_is_refused():
    with pytest.raises(contract.ContractError, match="object"):
        contract.parse_answer(["ANSWERED"])
