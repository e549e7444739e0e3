"""What is usual at a place, measured of its record."""

import numpy as np
import pytest

from predictor import contract
from predictor.training.climate import measure_climate

HOURS = 40 * 24
RAIN = contract.FEATURE_NAMES.index("precipitation_mm")


def make_values(hours=HOURS):
    values = np.zeros((hours, len(contract.FEATURES)), dtype=np.float32)
    values[:, contract.FEATURE_NAMES.index("pressure_msl_hpa")] = 1000.0
    return values


def measure(values, days=contract.CLIMATE_DAYS):
    """Of the newest hour, by name."""
    newest = measure_climate(values, days)[-1].tolist()
    return dict(zip(contract.CLIMATE_NAMES, newest, strict=True))


def test_means_are_taken_over_the_known_hours():
    values = make_values()
    values[: HOURS // 2, 0] = 10.0
    values[HOURS // 2 :, 0] = 20.0
    values[:240, 0] = np.nan

    assert measure(values)["usual_temperature_c"] == pytest.approx(16.667, abs=0.001)
    assert measure(values)["usual_pressure_msl_hpa"] == 1000.0


def test_only_the_last_days_count():
    values = make_values()
    values[:-240, 0] = 10.0
    values[-240:, 0] = 20.0

    assert measure(values, days=10)["usual_temperature_c"] == 20.0
    assert measure(values, days=20)["usual_temperature_c"] == 15.0


def test_one_wet_hour_a_day_makes_every_day_wet():
    values = make_values()
    values[::24, RAIN] = 0.1

    climate = measure(values, days=20)

    assert climate["wet_1h_share"] == pytest.approx(1 / 24, abs=1e-4)
    assert climate["wet_6h_share"] == pytest.approx(6 / 24, abs=1e-4)
    assert climate["wet_24h_share"] == 1.0


def test_drizzle_below_the_edge_is_dry():
    values = make_values()
    values[:, RAIN] = 0.09

    assert measure(values)["wet_24h_share"] == 0.0


def test_an_unknown_hour_leaves_open_whether_its_span_was_dry():
    values = make_values(200)
    values[::24, RAIN] = np.nan
    wet = values.copy()
    wet[1::24, RAIN] = 1.0

    assert np.isnan(measure(values)["wet_24h_share"])  # no span is known in full
    assert measure(values)["wet_1h_share"] == 0.0
    assert measure(wet)["wet_24h_share"] == 1.0  # one wet hour settles it


def test_a_young_record_knows_nothing_yet():
    young = measure(make_values(contract.MIN_CLIMATE_HOURS - 1))
    old_enough = measure(make_values(contract.MIN_CLIMATE_HOURS))

    assert young["known_days"] == pytest.approx(95 / 24, abs=1e-4)
    assert np.isnan([v for name, v in young.items() if name != "known_days"]).all()
    assert old_enough["usual_pressure_msl_hpa"] == 1000.0
    assert old_enough["wet_1h_share"] == 0.0
