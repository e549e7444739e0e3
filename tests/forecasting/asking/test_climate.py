"""What is usual at a place, counted from its record."""

import random

import pytest

from predictor import contract
from weatherapp.forecasting.asking.climate import CLIMATE_HOURS, RECORD_HOURS, measure_climate

DRY_HOUR = (12.0, 9.0, 1012.0, 4.0, 220.0, 0.0)
WET_NAMES = ("wet_1h_share", "wet_6h_share", "wet_24h_share")
UNKNOWN = None


def make_record(rain_mm=None, *, hours=RECORD_HOURS):
    """The last `hours` known and dry, but for `rain_mm`: age (0 is the newest) -> millimetres."""
    record = [None] * (RECORD_HOURS - hours) + [DRY_HOUR] * hours
    for age, value in (rain_mm or {}).items():
        record[-1 - age] = (*DRY_HOUR[:-1], value)
    return record


def count_wet(record):
    """Wet spans of 1, 6 and 24 hours, were all of the climate's spans known."""
    climate = measure_climate(record)
    return tuple(round(climate[name] * CLIMATE_HOURS, 6) for name in WET_NAMES)


def test_a_dry_season_is_never_wet_and_has_the_means_of_its_hours():
    assert measure_climate(make_record()) == {
        "usual_temperature_c": 12.0,
        "usual_dew_point_c": 9.0,
        "usual_pressure_msl_hpa": 1012.0,
        "usual_wind_speed_ms": 4.0,
        "wet_1h_share": 0.0,
        "wet_6h_share": 0.0,
        "wet_24h_share": 0.0,
        "known_days": 90.0,
    }


def test_its_names_are_the_contracts():
    assert tuple(measure_climate(make_record())) == contract.CLIMATE_NAMES


@pytest.mark.parametrize(
    ("age", "wet"),
    [
        pytest.param(0, (1, 1, 1), id="the newest hour ends one span of each"),
        pytest.param(100, (1, 6, 24), id="an hour is in as many spans as they are long"),
        pytest.param(CLIMATE_HOURS - 1, (1, 6, 24), id="the oldest hour"),
        pytest.param(CLIMATE_HOURS, (0, 5, 23), id="the hour before it"),
        pytest.param(CLIMATE_HOURS + 5, (0, 0, 18), id="out of reach of six hours"),
        pytest.param(RECORD_HOURS - 1, (0, 0, 1), id="the first hour that matters"),
    ],
)
def test_a_wet_hour_makes_wet_what_it_is_in(age, wet):
    assert count_wet(make_record({age: 0.5})) == wet


def test_spans_that_share_a_wet_hour_are_not_counted_twice():
    assert count_wet(make_record({100: 0.5, 102: 0.5})) == (2, 8, 26)


@pytest.mark.parametrize(
    ("rain_mm", "is_wet"), [(0.1, True), (0.09995, True), (0.0998, False), (0.0, False)]
)
def test_a_tenth_of_a_millimetre_is_wet_even_a_hair_below(rain_mm, is_wet):
    assert count_wet(make_record({100: rain_mm}))[0] == is_wet


def test_hours_without_rain_known_are_left_out():
    record = make_record({0: 0.5, 100: UNKNOWN})

    climate = measure_climate(record)

    assert climate["wet_1h_share"] == 1 / (CLIMATE_HOURS - 1)
    assert climate["wet_6h_share"] == 1 / (CLIMATE_HOURS - 6)  # six reach over the gap
    assert climate["wet_24h_share"] == 1 / (CLIMATE_HOURS - 24)
    assert climate["known_days"] == (CLIMATE_HOURS - 1) / 24


def test_a_span_over_a_gap_is_wet_with_one_wet_hour_and_else_unknown():
    climate = measure_climate(make_record({100: UNKNOWN, 101: 0.5}))

    assert climate["wet_1h_share"] == 1 / (CLIMATE_HOURS - 1)
    assert climate["wet_6h_share"] == 6 / (CLIMATE_HOURS - 1)  # one sees the gap and no rain
    assert climate["wet_24h_share"] == 24 / (CLIMATE_HOURS - 1)


def test_hours_without_a_row_are_as_hours_of_unknown_values():
    with_rows, without = make_record(), make_record()
    for age in (3, 4, 900):
        with_rows[-1 - age] = (None,) * len(contract.FEATURES)
        without[-1 - age] = None

    assert measure_climate(with_rows) == measure_climate(without)


def test_means_are_of_the_known_hours():
    record = make_record()
    record[-1] = (112.0, None, 1012.0, 4.0, 220.0, 0.0)

    climate = measure_climate(record)

    assert climate["usual_temperature_c"] == pytest.approx(12.0 + 100.0 / CLIMATE_HOURS)
    assert climate["usual_dew_point_c"] == 9.0


def test_what_is_older_than_the_climate_is_in_no_mean():
    record = make_record()
    record[-1 - CLIMATE_HOURS] = (999.0,) * len(contract.FEATURES)

    assert measure_climate(record)["usual_temperature_c"] == 12.0


def test_four_days_are_enough_for_means_and_for_hours_but_not_for_all_spans():
    climate = measure_climate(make_record(hours=contract.MIN_CLIMATE_HOURS))

    assert (climate["usual_temperature_c"], climate["wet_1h_share"]) == (12.0, 0.0)
    assert (climate["wet_6h_share"], climate["wet_24h_share"]) == (None, None)
    assert climate["known_days"] == 4.0


def test_less_says_nothing_but_how_long_it_is():
    climate = measure_climate(make_record(hours=contract.MIN_CLIMATE_HOURS - 1))

    assert climate == dict.fromkeys(contract.CLIMATE_NAMES) | {"known_days": 95 / 24}


def test_nothing_known_is_nothing_said():
    climate = measure_climate(make_record(hours=0))

    assert climate == dict.fromkeys(contract.CLIMATE_NAMES) | {"known_days": 0.0}


def test_a_record_of_another_length_is_a_mistake():
    with pytest.raises(ValueError, match="2183 hours, got 24"):
        measure_climate([DRY_HOUR] * 24)


def draw_value(dice, low, high):
    return None if dice.random() < 0.1 else dice.uniform(low, high)


def draw_rain_mm(dice):
    return dice.choice([None, 0.0, 0.0, 0.0, 0.0, 0.0, 0.1, 0.254, 3.0])


def draw_record(seed):
    """Gaps of values, of hours and of days; some records are young."""
    dice = random.Random(seed)
    record = []
    while len(record) < RECORD_HOURS:
        if dice.random() < 0.02:
            record += [None] * dice.randint(1, 60)
        values = (draw_value(dice, *bounds) for bounds in ((-9, 25), (-12, 20), (970, 1045)))
        wind = (draw_value(dice, 0, 20), draw_value(dice, 0, 360))
        record.append((*values, *wind, draw_rain_mm(dice)))
    young = dice.choice([0, 0, 1000, RECORD_HOURS - 300, RECORD_HOURS - 90])
    return [None] * young + record[young:RECORD_HOURS]


@pytest.mark.parametrize("seed", range(20))
def test_training_measures_the_same(seed):
    np = pytest.importorskip("numpy")
    training = pytest.importorskip("predictor.training.climate")
    record = draw_record(seed)
    unknown = (None,) * len(contract.FEATURES)
    values = np.array([row or unknown for row in record], dtype=np.float32)

    theirs = training.measure_climate(values, contract.CLIMATE_DAYS)[-1]

    ours = [np.nan if value is None else value for value in measure_climate(record).values()]
    np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)
