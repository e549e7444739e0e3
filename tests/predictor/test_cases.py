"""Which windows are asked, what is held to be true of their future, and who sees what."""

import numpy as np
import pytest

from predictor import contract
from predictor.features import to_model_input
from predictor.training.cases import TARGET_NAMES, label_rain, make_cases
from predictor.training.climate import RAIN_COLUMN
from predictor.training.observations import ObservationsError, from_hour, read_observations
from predictor.training.scoring import iterate_inputs
from predictor.training.split import find_boundaries, split_cases
from tests.predictor.synthetic import EAST_HILL, WEST_BAY, make_rows, write_observations

DRY = [0.0] * contract.LEAD_HOURS
UNKNOWN = float("nan")


def label(changes):
    future = list(DRY)
    for hour, value in changes.items():
        future[hour - 1] = value
    targets = label_rain(np.array([future], dtype=np.float32))[0]
    return dict(zip(TARGET_NAMES, targets.tolist(), strict=True))


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("observations")
    rows = make_rows(EAST_HILL, days=40, seed=1)
    del rows[100]
    other = make_rows(WEST_BAY, days=30, seed=2)
    return make_cases(
        [
            read_observations(write_observations(folder / "east.csv", rows)),
            read_observations(write_observations(folder / "west.csv", other)),
        ]
    )


@pytest.mark.parametrize(
    ("changes", "name", "wanted"),
    [
        pytest.param({1: 0.1}, "h1", 1.0, id="a tenth is wet"),
        pytest.param({1: 0.05}, "h1", 0.0, id="less is dry"),
        pytest.param({6: 2.0}, "any6", 1.0, id="the sixth hour counts"),
        pytest.param({7: 2.0}, "any6", 0.0, id="the seventh does not"),
        pytest.param({24: 0.2}, "any24", 1.0, id="the last hour counts"),
        pytest.param({3: 1.0, 4: UNKNOWN}, "any6", 1.0, id="one wet hour settles it"),
    ],
)
def test_an_outcome_is_read_off_the_future(changes, name, wanted):
    assert label(changes)[name] == wanted


def test_an_unknown_future_is_masked_not_guessed():
    targets = label({4: UNKNOWN})

    assert np.isnan([targets["h4"], targets["any6"], targets["any24"]]).all()
    assert targets["h5"] == 0.0


def test_a_window_is_the_same_in_training_and_in_serving(cases):
    for index, arrays in enumerate(iterate_inputs(cases)):
        if index % 97:
            continue
        end = cases.ends[index]
        rows = [[None if np.isnan(v) else float(v) for v in row] for row in arrays["hours"][0]]
        latitude, longitude, _, _, *usual = arrays["context"][0].tolist()
        climate = {
            name: None if np.isnan(value) else value
            for name, value in zip(contract.CLIMATE_NAMES, usual, strict=True)
        }
        window = contract.make_window(
            latitude=latitude,
            longitude=longitude,
            window_end_at=from_hour(int(cases.hours[end])),
            hours=rows,
            climate=climate,
        )

        served = to_model_input(window)

        np.testing.assert_array_equal(arrays["hours"], served["hours"])
        np.testing.assert_array_equal(arrays["context"], served["context"])


def test_no_window_reaches_into_another_station(cases):
    numbers = cases.station_numbers
    first = cases.ends - contract.WINDOW_HOURS + 1

    assert (numbers[first] == numbers[cases.ends]).all()
    assert (numbers[cases.ends + contract.LEAD_HOURS] == numbers[cases.ends]).all()


def test_targets_are_the_hours_that_follow(cases):
    end = cases.ends[:1]

    targets = cases.targets(end)[0]

    assert targets[0] == float(cases.grid[end[0] + 1, RAIN_COLUMN] >= 0.0999)


def test_every_window_keeps_the_contract(cases):
    for arrays in iterate_inputs(cases):
        present = np.isfinite(arrays["hours"][0])
        assert present.sum() >= contract.MIN_PRESENT_VALUES
        assert present[-contract.RECENT_HOURS :].any(axis=1).sum() >= contract.MIN_RECENT_ROWS


def test_no_part_sees_the_future_of_another(cases):
    split = split_cases(cases, find_boundaries(cases))

    for station in range(len(cases.station_names)):
        spans = [
            part.hours[part.ends[part.station_numbers[part.ends] == station]]
            for part in (split.train, split.validation, split.test)
        ]
        assert spans[0].max() + contract.LEAD_HOURS < spans[1].min()
        assert spans[1].max() + contract.LEAD_HOURS < spans[2].min()


def test_what_is_shipped_learns_from_train_and_validation_only(cases):
    split = split_cases(cases, find_boundaries(cases))

    learned = set(split.learned.ends)

    assert learned == set(split.train.ends) | set(split.validation.ends)
    assert not learned & set(split.test.ends)
    assert (np.diff(split.learned.ends) > 0).all()


def test_the_shares_hold_for_each_data_set(cases):
    split = split_cases(cases, find_boundaries(cases))
    numbers = cases.data_set_numbers

    for number in range(2):
        whole = (numbers[cases.ends] == number).sum()
        test = (numbers[split.test.ends] == number).sum()
        assert test / whole == pytest.approx(0.2, abs=0.01)


def test_a_station_without_boundaries_is_all_test(cases):
    boundaries = find_boundaries(cases)
    del boundaries["WEST BAY"]

    split = split_cases(cases, boundaries)

    west = cases.station_names.index("WEST BAY")
    assert (cases.station_numbers[split.train.ends] != west).all()
    assert (cases.station_numbers[split.test.ends] == west).sum() == (
        cases.station_numbers[cases.ends] == west
    ).sum()


def test_a_station_in_two_files_is_refused(tmp_path):
    twice = [
        read_observations(write_observations(tmp_path / name, make_rows(days=10)))
        for name in ("early.csv", "late.csv")
    ]

    with pytest.raises(ObservationsError, match="'EAST HILL' is in two files"):
        find_boundaries(make_cases(twice))


def test_a_record_of_a_shorter_time_is_another_climate(cases):
    ends = cases.ends[-2:]

    whole, ten_days, none = (cases.context(ends, record)[:, 4:] for record in (0, 2, 3))

    known_days = contract.CLIMATE_NAMES.index("known_days")
    assert whole[:, known_days].tolist() == pytest.approx([30.0, 30.0], abs=1.1)
    assert ten_days[:, known_days].tolist() == [10.0, 10.0]
    assert np.isnan(none).all()
    np.testing.assert_array_equal(cases.context(ends, np.array([0, 2]))[1, 4:], ten_days[1])
