"""Windows from places that do not exist: what is usual there goes with what is seen there."""

import numpy as np
import pytest

from predictor import contract
from predictor.features import CONTEXT_NAMES
from predictor.training.batches import RECORD_SHARES, SIZE_POWER, draw_batches
from predictor.training.cases import CLIMATE_DAYS, make_cases
from predictor.training.climate import RAIN_COLUMN
from predictor.training.imagined_rain import (
    COARSE_EDGES_MM,
    EXTRA_SHARES,
    GUISES,
    SHADOW_SHARES,
    SHARES,
    imagine_cases,
    imagine_rain,
)
from predictor.training.moved import DEW_POINT, SEASON_SHARE, TEMPERATURE, WIND, move_sites
from predictor.training.observations import read_observations
from tests.predictor.synthetic import (
    EAST_HILL,
    WEST_BAY,
    make_rows,
    set_column,
    write_observations,
)

NO_RECORD = len(CLIMATE_DAYS)
COARSE = 2  # a guise
EDGE_MM = COARSE_EDGES_MM[COARSE - 1]
FIRST_SHADOW = 1 + len(COARSE_EDGES_MM)
FIRST_EXTRA = FIRST_SHADOW + len(SHADOW_SHARES)


def read_cases(folder, change=str):
    rows = [*make_rows(EAST_HILL, days=40, seed=1), *make_rows(WEST_BAY, days=30, seed=2)]
    path = write_observations(folder / "a.csv", set_column(rows, "precipitation_mm", change))
    return make_cases([read_observations(path)])


@pytest.fixture(scope="module")
def imagined(tmp_path_factory):
    return imagine_cases(read_cases(tmp_path_factory.mktemp("observations")), seed=1)


@pytest.fixture(scope="module")
def rain_mm():
    """Two years: a spell of three hours, with a dry one in it, every four days."""
    hours = np.zeros(2 * 365 * 24, dtype=np.float32)
    for start in range(48, len(hours), 96):
        hours[[start, start + 2]] = 0.5
    hours[7:9] = np.nan
    return hours


def repeat(imagined, value):
    return np.full(len(imagined.cases.ends), value)


def test_a_coarser_gauge_shows_the_case_that_its_station_would_have_reported(imagined, tmp_path):
    coarse = read_cases(tmp_path, lambda text: text if float(text) >= EDGE_MM else "0.0")
    ends, record, guise = imagined.cases.ends, repeat(imagined, 0), repeat(imagined, COARSE)

    np.testing.assert_array_equal(ends, coarse.ends)
    np.testing.assert_array_equal(imagined.windows(ends, guise), coarse.windows(ends))
    np.testing.assert_array_equal(imagined.targets(ends, guise), coarse.targets(ends))
    np.testing.assert_allclose(
        imagined.context(ends, record, guise), coarse.context(ends, record), atol=1e-6
    )


def test_the_first_guise_changes_nothing(imagined):
    cases = imagined.cases
    ends, plain = cases.ends, repeat(imagined, 0)

    np.testing.assert_array_equal(imagined.windows(ends, plain), cases.windows(ends))
    np.testing.assert_array_equal(imagined.targets(ends, plain), cases.targets(ends))
    for length in range(NO_RECORD + 1):
        record = repeat(imagined, length)
        np.testing.assert_array_equal(
            imagined.context(ends, record, plain), cases.context(ends, record)
        )


def test_a_guise_does_not_invent_a_record(imagined):
    ends = imagined.cases.ends

    context = imagined.context(ends, repeat(imagined, NO_RECORD), repeat(imagined, COARSE))

    assert np.isnan(context[:, SHARES]).all()


def test_the_cases_are_left_alone(imagined):
    before = imagined.cases.grid.copy()

    imagined.windows(imagined.cases.ends, repeat(imagined, COARSE))

    np.testing.assert_array_equal(imagined.cases.grid, before)


def test_unknown_hours_stay_unknown_in_every_guise(rain_mm):
    guises = imagine_rain(rain_mm, np.random.default_rng(1))

    assert guises.shape == (len(rain_mm), GUISES)
    for guise in range(GUISES):
        np.testing.assert_array_equal(np.isnan(guises[:, guise]), np.isnan(rain_mm))


@pytest.mark.parametrize("index", range(len(SHADOW_SHARES)))
def test_a_rain_shadow_takes_whole_spells(rain_mm, index):
    shadowed = imagine_rain(rain_mm, np.random.default_rng(1))[:, FIRST_SHADOW + index]

    starts = np.flatnonzero(rain_mm == 0.5)[::2]
    kept = shadowed[starts] > 0.0
    np.testing.assert_array_equal(shadowed[starts + 2] > 0.0, kept)
    assert 1.0 - kept.mean() == pytest.approx(SHADOW_SHARES[index], abs=0.12)


def test_extra_spells_come_on_top(rain_mm):
    more = imagine_rain(rain_mm, np.random.default_rng(1))[:, FIRST_EXTRA]
    known = np.isfinite(rain_mm)

    assert (more[known] >= rain_mm[known]).all()
    wet, more_wet = (rain_mm[known] > 0.0).sum(), (more[known] > 0.0).sum()
    # Days apart, but every fourth one is wet: some fall on a spell that was there.
    assert 1.0 < more_wet / wet < 1.0 + 1.5 * EXTRA_SHARES[0]


def test_a_station_without_rain_can_be_imagined_too():
    dry = np.zeros(500, dtype=np.float32)

    assert not imagine_rain(dry, np.random.default_rng(1)).any()


def draw_one(imagined, moved_share, seed=3):
    return next(draw_batches(imagined, size=400, epochs=1, moved_share=moved_share, seed=seed))


def move(batch, seed=5):
    tf = pytest.importorskip("tensorflow")
    moved = move_sites(
        tf.constant(batch.hours),
        tf.constant(batch.context),
        tf.constant(batch.is_moved),
        tf.constant(seed),
    )
    return [tensor.numpy() for tensor in moved]


def test_windows_that_are_not_moved_stay_as_they_are(imagined):
    batch = draw_one(imagined, moved_share=0.5)
    stays = batch.is_moved == 0.0

    hours, context = move(batch)

    assert 100 < stays.sum() < 300
    np.testing.assert_array_equal(hours[stays], batch.hours[stays])
    np.testing.assert_array_equal(context[stays], batch.context[stays])


def test_a_moved_site_departs_from_the_usual_as_much_as_before(imagined):
    batch = draw_one(imagined, moved_share=1.0)
    column = CONTEXT_NAMES.index("usual_temperature_c")

    hours, context = move(batch)

    assert np.std(hours[:, -1, TEMPERATURE] - batch.hours[:, -1, TEMPERATURE]) > 1.0
    np.testing.assert_allclose(
        hours[:, -1, TEMPERATURE] - context[:, column],
        batch.hours[:, -1, TEMPERATURE] - batch.context[:, column],
        atol=1e-4,
    )
    wind = CONTEXT_NAMES.index("usual_wind_speed_ms")
    np.testing.assert_allclose(
        hours[:, -1, WIND] * batch.context[:, wind],
        batch.hours[:, -1, WIND] * context[:, wind],
        rtol=1e-4,
    )


def test_moved_air_holds_no_more_moisture_than_it_can(imagined):
    hours, _ = move(draw_one(imagined, moved_share=1.0))

    assert np.isfinite(hours[:, :, DEW_POINT]).any()
    assert not (hours[:, :, DEW_POINT] > hours[:, :, TEMPERATURE]).any()


def test_the_rain_the_pressure_and_the_place_are_not_moved(imagined):
    batch = draw_one(imagined, moved_share=1.0)
    pressure = contract.FEATURE_NAMES.index("pressure_msl_hpa")

    hours, context = move(batch)

    for column in (RAIN_COLUMN, pressure):
        np.testing.assert_array_equal(hours[:, :, column], batch.hours[:, :, column])
    np.testing.assert_array_equal(context[:, :3], batch.context[:, :3])
    np.testing.assert_array_equal(context[:, SHARES], batch.context[:, SHARES])


def test_every_case_is_drawn_once_an_epoch(imagined):
    cases = imagined.cases

    batches = list(draw_batches(imagined, size=100, epochs=2, moved_share=0.0, seed=1))

    latitudes = np.concatenate([batch.context[:, 0] for batch in batches])
    assert len(latitudes) == 2 * len(cases.ends)
    assert latitudes.sum() == pytest.approx(2 * cases.places[cases.ends, 0].sum())
    assert not np.concatenate([batch.is_moved for batch in batches]).any()


def test_a_small_climate_is_drawn_from_more_often_than_it_has_cases(tmp_path):
    for name, place, days in (("large", EAST_HILL, 60), ("small", WEST_BAY, 10)):
        write_observations(tmp_path / f"{name}.csv", make_rows(place, days=days, seed=1))
    cases = make_cases([read_observations(tmp_path / f"{name}.csv") for name in ("large", "small")])
    imagined = imagine_cases(cases, seed=1)

    batches = list(draw_batches(imagined, size=100, epochs=1, moved_share=0.0, seed=1))

    longitudes = np.concatenate([batch.context[:, 1] for batch in batches])
    sizes = np.bincount(cases.data_set_numbers[cases.ends])
    small = (longitudes < 0.0).sum()
    assert len(longitudes) == sizes.sum()
    assert small / (len(longitudes) - small) == pytest.approx(
        (sizes[1] / sizes[0]) ** SIZE_POWER, rel=0.02
    )
    assert small > 1.3 * sizes[1]


def test_some_moved_windows_come_in_another_season(imagined):
    batch = draw_one(imagined, moved_share=1.0)
    column = CONTEXT_NAMES.index("day_of_year")

    _, context = move(batch)

    other = context[:, column] != batch.context[:, column]
    assert other.mean() == pytest.approx(SEASON_SHARE, abs=0.1)


def test_records_of_every_length_come_and_none_at_all(imagined):
    known_days = draw_one(imagined, moved_share=0.5).context[:, -1]

    assert np.isnan(known_days).mean() == pytest.approx(RECORD_SHARES[-1], abs=0.06)
    assert (known_days == CLIMATE_DAYS[-1]).sum() > 0
