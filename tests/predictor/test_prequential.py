"""An evaluated model is calibrated as at a site: in time, a station by itself."""

import numpy as np
import pytest

from predictor.training.cases import TARGET_NAMES, make_cases
from predictor.training.observations import read_observations
from predictor.training.prequential import SETTLED_HOURS, calibrate_online

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cases(observations):
    return make_cases([read_observations(path) for path in sorted(observations.iterdir())])


def say(cases, chance=0.2):
    return np.full((len(cases.ends), len(TARGET_NAMES)), chance)


def test_answers_stay_the_models_own_until_something_has_settled(cases):
    answers = calibrate_online(cases, say(cases))

    for number in np.unique(cases.station_numbers[cases.ends]):
        chosen = cases.station_numbers[cases.ends] == number
        hours = cases.hours[cases.ends[chosen]]
        is_early = hours < hours[0] + SETTLED_HOURS
        assert answers[chosen][is_early] == pytest.approx(0.2)
        assert (answers[chosen][~is_early] != 0.2).any(axis=1).all()


def test_the_future_does_not_leak(cases):
    """What comes later changes no answer that was given before it had settled."""
    cut = cases.hours[cases.ends].min() + 1000
    grid = cases.grid.copy()
    grid[cases.hours > cut, -1] = 5.0
    changed = type(cases)(
        **{name: getattr(cases, name) for name in cases.__dataclass_fields__} | {"grid": grid}
    )
    one, other = calibrate_online(cases, say(cases)), calibrate_online(changed, say(cases))

    before = cases.hours[cases.ends] < cut + SETTLED_HOURS - 24
    np.testing.assert_array_equal(one[before], other[before])
    assert (one[~before] != other[~before]).any()


def test_a_model_that_says_too_little_is_moved_towards_what_happens(cases):
    base_rate = np.nanmean(cases.targets(cases.ends), axis=0)

    answers = calibrate_online(cases, say(cases, 0.05))

    late = cases.hours[cases.ends] > cases.hours[cases.ends].max() - 24 * 30
    hourly = answers[late, :24].mean(axis=0)
    assert (hourly > 0.07).all()
    assert (hourly < base_rate[:24] + 0.02).all()
