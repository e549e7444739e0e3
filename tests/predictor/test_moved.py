"""Windows from places that do not exist: their instruments change, what is true of them stays true."""

import numpy as np
import pytest

from predictor import contract
from predictor.features import CONTEXT_NAMES
from predictor.training.batches import RECORD_SHARES, draw_batches
from predictor.training.cases import CLIMATE_DAYS, make_cases
from predictor.training.climate import RAIN_COLUMN
from predictor.training.moved import (
    DEW_POINT,
    GAUGE_EDGES_MM,
    SHARES,
    TEMPERATURE,
    WIND,
    measure_gauges,
    move_sites,
    report_rain,
)
from predictor.training.observations import read_observations
from tests.predictor.synthetic import (
    EAST_HILL,
    WEST_BAY,
    make_rows,
    set_column,
    write_observations,
)

NO_RECORD = len(CLIMATE_DAYS)
COARSE = 3


@pytest.fixture(scope="module")
def gauges(tmp_path_factory):
    folder = tmp_path_factory.mktemp("observations")
    rows = [*make_rows(EAST_HILL, days=40, seed=1), *make_rows(WEST_BAY, days=30, seed=2)]
    return measure_gauges(
        make_cases([read_observations(write_observations(folder / "a.csv", rows))])
    )


@pytest.fixture(scope="module")
def coarse_cases(tmp_path_factory):
    """The same stations, had their gauges reported from GAUGE_EDGES_MM[COARSE] on."""
    folder = tmp_path_factory.mktemp("coarse")
    rows = [*make_rows(EAST_HILL, days=40, seed=1), *make_rows(WEST_BAY, days=30, seed=2)]
    edge_mm = GAUGE_EDGES_MM[COARSE]
    rows = set_column(
        rows, "precipitation_mm", lambda text: text if float(text) >= edge_mm else "0.0"
    )
    return make_cases([read_observations(write_observations(folder / "a.csv", rows))])


def repeat(gauges, value):
    return np.full(len(gauges.cases.ends), value)


def test_a_coarser_gauge_shows_the_case_that_its_station_would_have_reported(gauges, coarse_cases):
    ends, record, gauge = gauges.cases.ends, repeat(gauges, 0), repeat(gauges, COARSE)

    np.testing.assert_array_equal(ends, coarse_cases.ends)
    np.testing.assert_array_equal(gauges.windows(ends, gauge), coarse_cases.windows(ends))
    np.testing.assert_array_equal(gauges.targets(ends, gauge), coarse_cases.targets(ends))
    np.testing.assert_allclose(
        gauges.context(ends, record, gauge), coarse_cases.context(ends, record), atol=1e-6
    )


def test_a_stations_own_gauge_changes_nothing(gauges):
    ends, own = gauges.cases.ends, repeat(gauges, 0)

    np.testing.assert_array_equal(gauges.windows(ends, own), gauges.cases.windows(ends))
    np.testing.assert_array_equal(gauges.targets(ends, own), gauges.cases.targets(ends))
    for record in range(NO_RECORD + 1):
        np.testing.assert_array_equal(
            gauges.context(ends, repeat(gauges, record), own),
            gauges.cases.context(ends, repeat(gauges, record)),
        )


def test_a_coarse_gauge_does_not_invent_a_record(gauges):
    ends = gauges.cases.ends

    context = gauges.context(ends, repeat(gauges, NO_RECORD), repeat(gauges, COARSE))

    assert np.isnan(context[:, SHARES]).all()


def test_the_grid_is_left_alone(gauges):
    before = gauges.cases.grid.copy()

    gauges.windows(gauges.cases.ends, repeat(gauges, COARSE))

    np.testing.assert_array_equal(gauges.cases.grid, before)


def test_what_a_gauge_does_not_reach_is_dry_and_what_is_unknown_stays_unknown():
    rain_mm = np.array([[0.0, 0.2, 0.6, 3.0, np.nan]], dtype=np.float32)

    reported = report_rain(rain_mm, np.array([GAUGE_EDGES_MM.index(0.6)]))

    np.testing.assert_array_equal(reported, np.array([[0.0, 0.0, 0.6, 3.0, np.nan]], np.float32))


def draw_one(gauges, moved_share, seed=3):
    return next(draw_batches(gauges, size=400, epochs=1, moved_share=moved_share, seed=seed))


def move(batch, seed=5):
    tf = pytest.importorskip("tensorflow")
    moved = move_sites(
        tf.constant(batch.hours),
        tf.constant(batch.context),
        tf.constant(batch.is_moved),
        tf.constant(seed),
    )
    return [tensor.numpy() for tensor in moved]


def test_windows_that_are_not_moved_stay_as_they_are(gauges):
    batch = draw_one(gauges, moved_share=0.5)
    stays = batch.is_moved == 0.0

    hours, context = move(batch)

    assert 100 < stays.sum() < 300
    np.testing.assert_array_equal(hours[stays], batch.hours[stays])
    np.testing.assert_array_equal(context[stays], batch.context[stays])


def test_a_moved_site_departs_from_the_usual_as_much_as_before(gauges):
    batch = draw_one(gauges, moved_share=1.0)
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


def test_moved_air_holds_no_more_moisture_than_it_can(gauges):
    hours, _ = move(draw_one(gauges, moved_share=1.0))

    assert np.isfinite(hours[:, :, DEW_POINT]).any()
    assert not (hours[:, :, DEW_POINT] > hours[:, :, TEMPERATURE]).any()


def test_the_rain_the_pressure_and_the_place_are_not_moved(gauges):
    batch = draw_one(gauges, moved_share=1.0)
    pressure = contract.FEATURE_NAMES.index("pressure_msl_hpa")

    hours, context = move(batch)

    for column in (RAIN_COLUMN, pressure):
        np.testing.assert_array_equal(hours[:, :, column], batch.hours[:, :, column])
    np.testing.assert_array_equal(context[:, :3], batch.context[:, :3])
    np.testing.assert_array_equal(context[:, SHARES], batch.context[:, SHARES])


def test_every_case_is_drawn_once_an_epoch(gauges):
    cases = gauges.cases

    batches = list(draw_batches(gauges, size=100, epochs=2, moved_share=0.0, seed=1))

    latitudes = np.concatenate([batch.context[:, 0] for batch in batches])
    assert len(latitudes) == 2 * len(cases.ends)
    assert latitudes.sum() == pytest.approx(2 * cases.places[cases.ends, 0].sum())
    assert not np.concatenate([batch.is_moved for batch in batches]).any()


def test_records_of_every_length_come_and_none_at_all(gauges):
    known_days = draw_one(gauges, moved_share=0.5).context[:, -1]

    assert np.isnan(known_days).mean() == pytest.approx(RECORD_SHARES[-1], abs=0.06)
    assert (known_days == CLIMATE_DAYS[-1]).sum() > 0
