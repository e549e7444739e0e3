"""Climatology and persistence, counted from the training rows."""

import numpy as np
import pytest

from predictor.training.cases import make_cases
from predictor.training.observations import read_observations
from predictor.training.reference import (
    ELSEWHERE,
    SCORED_TARGETS,
    count_references,
    load_references,
    predict_climatology,
    predict_persistence,
    save_references,
)
from tests.predictor.synthetic import make_rows, write_observations

H1 = SCORED_TARGETS.index("h1")


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    path = tmp_path_factory.mktemp("observations") / "east.csv"
    return make_cases([read_observations(write_observations(path, make_rows(days=120)))])


def test_climatology_on_average_says_the_base_rate(cases):
    climatology = predict_climatology(count_references(cases)["east"], cases, cases.ends)

    base_rate = np.nanmean(cases.targets(cases.ends)[:, 0])

    assert climatology[:, H1].mean() == pytest.approx(base_rate, abs=0.005)


def test_persistence_says_more_rain_after_rain(cases):
    persistence = count_references(cases)["east"].persistence

    dry, wet = persistence[0, 0, H1], persistence[0, 1, H1]

    assert wet > 0.5 > 0.2 > dry


def test_a_month_never_seen_leans_on_the_others(cases):
    climatology = count_references(cases)["east"].climatology

    assert climatology[10, :, H1] == pytest.approx(
        np.nanmean(cases.targets(cases.ends)[:, 0]), abs=1e-6
    )


def test_references_survive_their_file(cases, tmp_path):
    references = count_references(cases)

    save_references(references, tmp_path)
    read = load_references(tmp_path)

    assert set(read) == {"east", ELSEWHERE}
    np.testing.assert_allclose(read["east"].climatology, references["east"].climatology, atol=5e-4)


def test_an_unknown_newest_hour_has_its_own_persistence(tmp_path):
    rows = make_rows(days=60)
    for index in range(0, len(rows), 7):
        rows[index][-1] = ""
    cases = make_cases([read_observations(write_observations(tmp_path / "gappy.csv", rows))])

    persistence = predict_persistence(count_references(cases)["gappy"], cases, cases.ends)

    assert np.isfinite(persistence).all()
    assert len(np.unique(persistence[:, H1])) >= 3
