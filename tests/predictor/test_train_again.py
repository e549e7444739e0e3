"""Training by itself: the same seed, and nothing to learn from."""

import numpy as np
import pytest

from predictor.training import train
from predictor.training.cases import make_cases
from predictor.training.fit import ask_members, fit_members
from predictor.training.observations import read_observations
from predictor.training.recipes import Recipe

pytestmark = pytest.mark.tensorflow


def test_training_again_from_the_same_seed_gives_the_same_answers(observations):
    cases = make_cases([read_observations(path) for path in sorted(observations.iterdir())])
    quick = Recipe(hidden=(4,), members=1, epochs=1, dropout=0.1)

    answers = [ask_members(fit_members(cases, quick, 1), cases) for _ in range(2)]

    np.testing.assert_allclose(*answers, atol=1e-3)


def test_training_without_observations_says_where_it_looked(tmp_path, capsys):
    assert train.main(["--observations", str(tmp_path / "nothing")]) == 1

    assert "nothing" in capsys.readouterr().err
