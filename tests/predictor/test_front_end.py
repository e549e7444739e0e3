"""The feature-making part of the graph."""

import numpy as np
import pytest

from predictor import contract
from predictor.features import to_model_input
from tests.predictor.windows import NOON, RAINY_HOUR, make_hours, make_window

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

    from predictor.training.blank import blank_inputs

    hours = np.tile(np.array(RAINY_HOUR, dtype=np.float32), (500, contract.WINDOW_HOURS, 1))
    hours[:, 0, RAIN] = np.nan

    blanked = blank_inputs(tf.constant(hours), tf.constant(3)).numpy()

    kept = np.isfinite(blanked)
    np.testing.assert_array_equal(blanked[kept], hours[kept])
    assert not kept[:, 0, RAIN].any()
    untouched = (kept.sum(axis=(1, 2)) == contract.WINDOW_HOURS * 6 - 1).mean()
    assert 0.4 < untouched < 0.9
