"""The feature-making part of the graph."""

import numpy as np
import pytest

from predictor import contract
from predictor.features import to_model_input
from tests.predictor.windows import CLIMATE, NOON, RAINY_HOUR, make_hours, make_window

pytestmark = pytest.mark.tensorflow

PRESSURE = contract.FEATURE_NAMES.index("pressure_msl_hpa")
RAIN = contract.FEATURE_NAMES.index("precipitation_mm")


def make_features(window):
    from predictor.training.front_end import make_features

    return make_features(**to_model_input(window)).numpy()[0]


def test_features_are_finite_whatever_is_missing():
    for name in contract.FEATURE_NAMES:
        assert np.isfinite(make_features(make_window(make_hours(**{name: None})))).all()


def test_an_unknown_pressure_is_not_taken_for_a_deep_low():
    known = make_features(make_window())
    unknown = make_features(make_window(make_hours(pressure_msl_hpa=None)))

    assert np.abs(unknown - known).max() < 20.0  # hPa off at most, not a thousand


def test_features_are_finite_without_a_climate():
    assert np.isfinite(make_features(make_window(climate=None))).all()
    short = {**CLIMATE, "usual_pressure_msl_hpa": None, "wet_24h_share": None}
    assert np.isfinite(make_features(make_window(climate=short))).all()


def test_levels_count_against_what_is_usual_at_the_place():
    """The same weather 8 °C and 30 hPa higher, at a place where that is usual."""
    raised = [[t + 8.0, d + 8.0, p + 30.0, *rest] for t, d, p, *rest in make_hours(RAINY_HOUR)]
    usual = {
        **CLIMATE,
        "usual_temperature_c": CLIMATE["usual_temperature_c"] + 8.0,
        "usual_dew_point_c": CLIMATE["usual_dew_point_c"] + 8.0,
        "usual_pressure_msl_hpa": CLIMATE["usual_pressure_msl_hpa"] + 30.0,
    }

    here = make_features(make_window(make_hours(RAINY_HOUR)))
    there = make_features(make_window(raised, climate=usual))
    unusual = make_features(make_window(raised))

    np.testing.assert_allclose(here, there, atol=1e-3)
    assert np.abs(here - unusual).max() > 7.0


def test_a_young_record_says_less_about_how_wet_a_place_is():
    from predictor.training.front_end import SHARE_COLUMNS

    wet = {"wet_1h_share": 0.5, "wet_6h_share": 0.6, "wet_24h_share": 0.8}
    nothing, young, old = (
        make_features(make_window(climate=climate))
        for climate in (None, {**wet, "known_days": 4.0}, {**wet, "known_days": 90.0})
    )

    moved_by_young, moved_by_old = np.abs(young - nothing), np.abs(old - nothing)

    shares = list(SHARE_COLUMNS)
    assert (moved_by_young[shares] > 0.1).all()
    assert (moved_by_old[shares] > moved_by_young[shares] + 0.1).all()


def test_a_falling_pressure_is_seen():
    rows = make_hours()
    for hour, row in enumerate(rows):
        row[PRESSURE] = 1020.0 - hour

    assert not np.allclose(make_features(make_window(rows)), make_features(make_window()))


def test_rain_long_ago_weighs_less_than_rain_now():
    from predictor.training.front_end import _count_since

    wet = np.zeros((2, contract.WINDOW_HOURS), dtype=np.float32)
    wet[0, -1] = 1.0
    wet[1, 3] = 1.0

    assert _count_since(wet).numpy()[:, 0].tolist() == [0.0, 20.0]


def test_without_rain_the_dry_spell_is_the_whole_window():
    from predictor.training.front_end import _count_since

    dry = np.zeros((1, contract.WINDOW_HOURS), dtype=np.float32)

    assert _count_since(dry).numpy()[0, 0] == contract.WINDOW_HOURS


def test_the_newest_known_value_is_taken():
    from predictor.training.front_end import _take_newest

    values = np.zeros((1, contract.WINDOW_HOURS), dtype=np.float32)
    known = np.zeros_like(values)
    values[0, [5, 9]] = [3.0, 4.0]
    known[0, [5, 9]] = 1.0

    assert _take_newest(values, known).numpy()[0, 0] == 4.0


def test_southern_summer_looks_like_northern_summer():
    north = make_window(latitude=45.0, longitude=0.0, window_end_at=NOON.replace(month=7, day=15))
    south = make_window(latitude=-45.0, longitude=0.0, window_end_at=NOON.replace(month=1, day=14))

    np.testing.assert_allclose(make_features(north), make_features(south), atol=0.02)


def test_latitude_is_no_climate_label():
    lisbon, dublin = (make_window(latitude=latitude) for latitude in (38.7, 53.4))

    np.testing.assert_array_equal(make_features(lisbon), make_features(dublin))


def test_the_same_sun_stands_over_any_longitude():
    greenwich = make_window(longitude=0.0)
    east = make_window(longitude=90.0, window_end_at=NOON.replace(hour=6))

    np.testing.assert_allclose(make_features(greenwich), make_features(east), atol=1e-4)


def test_blanking_takes_away_and_never_adds():
    import tensorflow as tf

    from predictor.training.input_dropout import drop_inputs

    hours = np.tile(np.array(RAINY_HOUR, dtype=np.float32), (500, contract.WINDOW_HOURS, 1))
    hours[:, 0, RAIN] = np.nan

    blanked = drop_inputs(tf.constant(hours), tf.constant(3)).numpy()

    kept = np.isfinite(blanked)
    np.testing.assert_array_equal(blanked[kept], hours[kept])
    assert not kept[:, 0, RAIN].any()
    untouched = (kept.sum(axis=(1, 2)) == contract.WINDOW_HOURS * 6 - 1).mean()
    assert 0.4 < untouched < 0.9
