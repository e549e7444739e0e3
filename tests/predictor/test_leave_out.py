"""Stations never seen: left out of training with their neighbours, then scored."""

import json
from contextlib import redirect_stdout
from io import StringIO

import pytest

from predictor.registry import find_model
from predictor.training import leave_out
from predictor.training.observations import read_observations
from predictor.training.recipes import RECIPES, Recipe
from tests.predictor.synthetic import EAST_HILL, WEST_BAY, make_rows, write_observations

pytestmark = pytest.mark.tensorflow

SMALL = Recipe(
    hidden=(8, 8),
    members=1,
    near_hidden=(6,),
    near_members=1,
    near_epochs=4,
    epochs=4,
    dropout=0.0,
    batch_size=64,
)


def test_stations_near_each_other_are_left_out_together(tmp_path):
    rows = [
        row
        for number, place in enumerate(
            (EAST_HILL, ("EAST VALE", 52.1, 20.1), WEST_BAY, ("EAST PASS", 52.3, 20.3))
        )
        for row in make_rows(place, days=2, seed=number)
    ]
    read = [read_observations(write_observations(tmp_path / "all.csv", rows))]

    groups = leave_out.group_stations(read)

    assert {"EAST HILL", "EAST VALE", "EAST PASS"} in groups
    assert {"WEST BAY"} in groups


@pytest.fixture(scope="module")
def left_out(observations, tmp_path_factory):
    """The folder of a model that never saw EAST HILL, and what was said of it."""
    kept, said = tmp_path_factory.mktemp("left_out") / "kept", StringIO()
    where = ["--observations", str(observations), "--only", "EAST HILL", "--keep", str(kept)]
    with pytest.MonkeyPatch.context() as monkeypatch, redirect_stdout(said):
        monkeypatch.setitem(RECIPES, "rain_mini", SMALL)
        assert leave_out.main(where) == 0
    return kept, said.getvalue()


def test_a_left_out_station_is_scored_by_a_model_that_never_saw_it(left_out):
    _, said = left_out
    (record,) = [json.loads(line) for line in said.splitlines()]
    assert record["left_out"] == ["EAST HILL"]
    on_test_rows = record["datasets"]["east"]["targets"]["any24"]["n"]
    assert on_test_rows == pytest.approx(0.2 * 150 * 24, rel=0.1)
    assert record["all_rows"]["east"]["targets"]["any24"]["n"] > 4 * on_test_rows


def test_the_model_that_never_saw_a_station_may_be_kept(left_out):
    kept, _ = left_out

    assert find_model(kept, "left_out").name == "left_out"


def test_recorded_scores_of_left_out_stations_stand_in_the_card(
    models_folder, observations, capsys, monkeypatch
):
    from predictor.training import baselines

    monkeypatch.setitem(RECIPES, "rain_mini", SMALL)
    monkeypatch.setattr(baselines, "TREES", 20)
    monkeypatch.setitem(baselines.LIGHTGBM_SETTINGS, "num_threads", 1)
    folders = ["--observations", str(observations), "--models-folder", str(models_folder)]
    make_scores_old(models_folder / "rain_mini" / "scores.json")

    assert leave_out.main([*folders, "--epochs", "2", "--rivals", "--record"]) == 0

    groups = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    record = json.loads((models_folder / "rain_mini" / "left_out.json").read_text())
    assert record == {"recipe": "rain_mini", "epochs": 2, "groups": groups}
    card = (models_folder / "rain_mini" / "MODEL_CARD.md").read_text()
    scores = groups[0]["datasets"]["east"]["targets"]["any24"]
    assert f"| any24 | {scores['brier']:.4f} | {scores['rivals']['lightgbm']['brier']:.4f}" in card
    assert "| EAST HILL | h1 |" in card
    assert f"{groups[0]['all_rows']['east']['targets']['any24']['ece']:.4f}" in card


def make_scores_old(path):
    """As a release recorded them that knew neither of chance nor of the model alone."""
    scores = json.loads(path.read_text())
    for part in (*scores["datasets"].values(), scores["together"]):
        for target in part["targets"].values():
            del target["ece_p_value"], target["ece_by_chance"], target["rivals"]["model_alone"]
    path.write_text(json.dumps(scores))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--only", "EAST HILL"], "leave --only out", id="a part of them"),
        pytest.param(["--models-folder", "nowhere"], "no rain_mini in nowhere", id="no model"),
    ],
)
def test_scores_that_could_not_be_kept_are_not_begun(observations, capsys, arguments, message):
    with pytest.raises(SystemExit):
        leave_out.main(["--observations", str(observations), "--record", *arguments])

    assert message in capsys.readouterr().err


def test_an_unknown_station_cannot_be_left_out(observations, capsys):
    assert leave_out.main(["--observations", str(observations), "--only", "ATLANTIS"]) == 1

    assert "ATLANTIS" in capsys.readouterr().err


@pytest.mark.parametrize("only", [[], ["--only", "EAST HILL", "WEST BAY"]])
def test_one_model_is_kept_of_one_station(only, tmp_path, capsys):
    with pytest.raises(SystemExit):
        leave_out.main([*only, "--keep", str(tmp_path)])

    assert "--keep keeps one model" in capsys.readouterr().err
