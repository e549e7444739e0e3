"""The site learns from its misses as the evaluation of a model does: same lines, same answers."""

from datetime import UTC, datetime

import numpy as np
import pytest

from predictor.recalibration import OWN_LINES, recalibrate
from predictor.training.cases import RAIN_COLUMN, TARGET_NAMES, make_cases
from predictor.training.observations import read_observations
from predictor.training.own_misses import follow_misses
from tests.factories import make_place
from tests.forecasting.blending.histories import learn, store_answer
from tests.predictor.synthetic import make_rows, write_observations
from weatherapp.forecasting.blending.place_calibration import read_recalibration
from weatherapp.models import Reading

pytestmark = pytest.mark.slow

OWN = [(line.intercept, line.slope) for line in OWN_LINES]


@pytest.fixture
def cases(tmp_path):
    rows = make_rows(days=9)
    return make_cases([read_observations(write_observations(tmp_path / "hill.csv", rows))])


def to_time(hour):
    return datetime.fromtimestamp(int(hour) * 3600, tz=UTC)


@pytest.mark.django_db
def test_the_site_answers_as_the_evaluation_says_it_does(cases):
    random = np.random.default_rng(5)
    own = random.uniform(0.02, 0.9, (len(cases.ends), len(TARGET_NAMES)))
    own[:, -2:] = 0.95
    place = make_place()

    served = []
    for end, said in zip(cases.ends, own, strict=True):
        at = to_time(cases.hours[end])
        Reading.objects.create(
            place=place,
            observed_at=at,
            precipitation_mm=round(float(cases.grid[end, RAIN_COLUMN]), 1),
            source="open_meteo",
            received_at=at,
        )
        learn()
        sent = read_recalibration(place)
        served.append(recalibrate(said.tolist(), sent.lines if sent else OWN))
        store_answer(place, window_end_at=at, said=served[-1], version="first", sent=sent)

    evaluated = follow_misses(cases, own)
    # The lines on the wire are rounded.
    np.testing.assert_allclose(served, evaluated, atol=2e-4)
    assert np.abs(evaluated[-1] - own[-1]).max() > 0.01
