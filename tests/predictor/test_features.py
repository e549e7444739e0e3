"""Window -> arrays."""

import numpy as np
import pytest

from predictor import contract
from predictor.features import CONTEXT_NAMES, PLACE_NAMES, read_clock, to_model_input
from tests.predictor.windows import CALM_HOUR, CLIMATE, NOON, make_hours, make_window


def test_physical_units_pass_through_unscaled():
    model_input = to_model_input(make_window())

    assert model_input["hours"].shape == (1, contract.WINDOW_HOURS, len(contract.FEATURES))
    assert model_input["hours"].dtype == np.float32
    assert model_input["hours"][0, -1].tolist() == pytest.approx(CALM_HOUR)


def test_unknown_becomes_nan_and_nothing_else_does():
    hours = to_model_input(make_window(make_hours(dew_point_c=None)))["hours"]

    unknown = np.isnan(hours[0])

    assert unknown[:, contract.FEATURE_NAMES.index("dew_point_c")].all()
    assert unknown.sum() == contract.WINDOW_HOURS


def test_the_oldest_hour_stays_first():
    rows = make_hours()
    rows[0][0] = -5.0

    assert to_model_input(make_window(rows))["hours"][0, 0, 0] == -5.0


def test_the_context_holds_place_clock_and_climate():
    context = to_model_input(make_window())["context"]

    assert dict(zip(CONTEXT_NAMES, context[0].tolist(), strict=True)) == pytest.approx(
        {"latitude": 40.6, "longitude": -73.8, "utc_hour": 12.0, "day_of_year": 158.0} | CLIMATE
    )


def test_an_unknown_climate_becomes_nan():
    context = to_model_input(make_window(climate=None))["context"]

    assert np.isnan(context[0, len(PLACE_NAMES) :]).all()
    assert np.isfinite(context[0, : len(PLACE_NAMES)]).all()


def test_new_year_is_the_first_day():
    assert read_clock(NOON.replace(month=1, day=1, hour=0)) == (0.0, 1.0)
