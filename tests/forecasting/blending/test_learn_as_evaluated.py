"""The site calibrates online as the evaluation of a model does: hour by hour the same answers."""

from datetime import UTC, datetime

import numpy as np
import pytest

from predictor.training.cases import RAIN_COLUMN, TARGET_NAMES, make_cases
from predictor.training.observations import read_observations
from predictor.training.prequential import calibrate_online
from tests.factories import make_place
from tests.forecasting.blending.histories import ask, learn, store_answer
from tests.predictor.synthetic import make_rows, write_observations
from weatherapp.models import Reading

pytestmark = pytest.mark.slow


@pytest.fixture
def cases(tmp_path):
    rows = make_rows(days=9)
    return make_cases([read_observations(write_observations(tmp_path / "hill.csv", rows))])


def to_time(hour):
    return datetime.fromtimestamp(int(hour) * 3600, tz=UTC)


@pytest.mark.django_db
def test_the_site_answers_as_the_evaluation_says_it_does(cases):
    random = np.random.default_rng(5)
    # Answers are stored with four decimals.
    raw = random.uniform(0.02, 0.9, (len(cases.ends), len(TARGET_NAMES))).round(4)
    raw[:, -2:] = 0.95
    place = make_place()

    served = []
    for end, said in zip(cases.ends, raw.tolist(), strict=True):
        at = to_time(cases.hours[end])
        Reading.objects.create(
            place=place,
            observed_at=at,
            precipitation_mm=round(float(cases.grid[end, RAIN_COLUMN]), 1),
            source="open_meteo",
            received_at=at,
        )
        learn()
        store_answer(place, window_end_at=at, said=said)
        moved = ask(place, said=said)
        served.append(
            [*moved.hourly_probability, moved.probability_any_6h, moved.probability_any_24h]
            if moved
            else said
        )

    evaluated = calibrate_online(cases, raw)
    np.testing.assert_allclose(served, evaluated, rtol=1e-12)
    assert np.abs(evaluated[-1] - raw[-1]).max() > 0.01
