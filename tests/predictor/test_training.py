"""A model is trained, written, served and scored: small, on made-up weather, all of it real."""

import json
import shutil

import numpy as np
import pytest

from predictor import contract, registry
from predictor.engine import Engine
from predictor.runtimes import RUNTIMES
from predictor.training import evaluate, train
from predictor.training.cases import make_cases
from predictor.training.export import export_litert
from predictor.training.fit import ask_members
from predictor.training.observations import read_observations
from predictor.training.publish import write_manifest
from predictor.training.recipes import Recipe
from predictor.training.reference import SCORED_TARGETS
from predictor.training.scoring import iterate_inputs, predict_cases
from tests.predictor.synthetic import make_rows, write_observations
from tests.predictor.windows import CLIMATE, RAINY_HOUR, make_hours, make_window

pytestmark = [
    pytest.mark.tensorflow,
    # The converter's own use of the interpreter that it wants to retire.
    pytest.mark.filterwarnings("ignore:.*tf.lite.Interpreter is deprecated:UserWarning"),
]

EXPORTS = {
    "saved_model": 1e-5,
    "litert_float32": 1e-5,
    "litert_float16": 0.05,
    "litert_dynamic_int8": 0.05,
    "litert_int8": None,  # single windows may be anywhere
}
TEACHER = Recipe(hidden=(12,), members=2, epochs=8, dropout=0.0, batch_size=64)
SMALL = Recipe(
    hidden=(8, 8),
    members=1,
    near_hidden=(6,),
    near_members=1,
    near_epochs=12,
    epochs=12,
    dropout=0.0,
    batch_size=64,
    teacher=TEACHER,
    teacher_share=0.5,
)
FITTED = {}  # what the module's one training remembers: its networks


@pytest.fixture(scope="module")
def models_folder(tmp_path_factory, observations):
    folder = tmp_path_factory.mktemp("models")
    read = [read_observations(path) for path in sorted(observations.iterdir())]
    train.train_model("rain_mini", SMALL, read, 1, folder, FITTED)
    return folder


@pytest.fixture(scope="module")
def every_form(tmp_path_factory, models_folder, observations):
    """The same networks, also in the forms that are compared and not shipped."""
    models = tmp_path_factory.mktemp("forms")
    folder = models / "rain_mini"
    shutil.copytree(models_folder / "rain_mini", folder)
    cases = make_cases([read_observations(path) for path in sorted(observations.iterdir())])
    examples = list(iterate_inputs(cases.pick(np.arange(len(cases.ends)) % 50 == 0)))
    members = FITTED[SMALL]
    files = export_litert(members.networks, members.scaling, examples, folder)
    write_manifest(folder, "rain_mini", {"saved_model": ["saved_model"], **files}, {})
    return models


def run_evaluate(models_folder, *arguments):
    return evaluate.main(
        ["--models-folder", str(models_folder), "--model", "rain_mini", *map(str, arguments)]
    )


def read_scores(capsys):
    return json.loads(capsys.readouterr().out)


def test_nothing_but_the_model_is_left_in_the_folder(models_folder):
    assert [path.name for path in models_folder.iterdir()] == ["rain_mini"]


def test_the_manifest_tells_what_the_model_is_made_of(models_folder):
    record = json.loads((models_folder / "rain_mini" / registry.MANIFEST_NAME).read_text())

    assert record["features"] == list(contract.FEATURE_NAMES)
    assert record["climate"] == list(contract.CLIMATE_NAMES)
    assert record["units"]["wind_speed_ms"] == "ms"
    assert record["units"]["wet_6h_share"] == "share"
    assert record["training"]["seed"] == 1
    assert [one["file"] for one in record["training"]["data"]] == ["east.csv.gz", "west.csv.gz"]
    assert all(len(one["sha256"]) == 64 for one in record["training"]["data"])
    assert record["cost"]["peak_memory_mb"] > 0


@pytest.mark.parametrize(
    ("export", "tolerance"), [(name, most) for name, most in EXPORTS.items() if most]
)
def test_every_export_answers_like_the_saved_model(every_form, export, tolerance):
    runtime = "litert" if export.startswith("litert") else "tensorflow"
    windows = [
        make_window(make_hours(RAINY_HOUR)),
        make_window(make_hours(dew_point_c=None)),
        make_window(make_hours(precipitation_mm=None, pressure_msl_hpa=None)),
        make_window(make_hours(RAINY_HOUR), climate=None),
        make_window(climate={**CLIMATE, "usual_dew_point_c": None, "known_days": 6.0}),
    ]
    saved = Engine(every_form, "rain_mini", "tensorflow")
    other = Engine(every_form, "rain_mini", runtime, export)

    for window in windows:
        wanted, told = saved.answer(window), other.answer(window)

        np.testing.assert_allclose(
            told.hourly_probability, wanted.hourly_probability, atol=tolerance
        )
        assert told.probability_any_24h == pytest.approx(wanted.probability_any_24h, abs=tolerance)


@pytest.mark.parametrize("runtime", ["tensorflow", "litert"])
def test_a_thousand_windows_are_answered_as_the_training_graph_does(
    models_folder, observations, runtime
):
    cases = make_cases([read_observations(path) for path in sorted(observations.iterdir())])
    some = cases.pick(np.arange(len(cases.ends)) < 1000)

    served = predict_cases(Engine(models_folder, "rain_mini", runtime), some)

    np.testing.assert_allclose(served, ask_members(FITTED[SMALL], some), atol=1e-5)


def test_every_form_is_compared_and_what_no_runtime_serves_is_not_shipped(models_folder):
    folder = models_folder / "rain_mini"
    record = json.loads((folder / registry.MANIFEST_NAME).read_text())

    assert set(record["exports"]) == {entry.export for entry in RUNTIMES.values()}
    assert set(record["compared_exports"]) == set(EXPORTS)
    for one in record["compared_exports"].values():
        assert abs(one["brier_loss"]) < 0.05
        assert 15.0 < one["memory_mb"] < 600.0
    assert [path.name for path in folder.glob("*.tflite")] == ["litert_float32.tflite"]


def test_the_evaluation_prints_the_agreed_json(models_folder, observations, capsys):
    assert run_evaluate(models_folder, "--observations", observations, "--json") == 0

    record = read_scores(capsys)

    assert record["model"] == "rain_mini"
    assert set(record["datasets"]) == {"east", "west"}
    for data_set in record["datasets"].values():
        assert tuple(data_set["targets"]) == SCORED_TARGETS
        for scores in data_set["targets"].values():
            assert {"brier", "skill", "auc", "ece", "n", "base_rate"} <= set(scores)
            assert scores["brier_low"] <= scores["brier"] <= scores["brier_high"]
            assert {"model_alone", "climatology", "persistence"} == set(scores["rivals"])


def test_all_rows_are_scored_together_too(models_folder, observations, capsys):
    run_evaluate(models_folder, "--observations", observations, "--json")
    record = read_scores(capsys)
    run_evaluate(models_folder, "--observations", observations / "east.csv.gz", "--json")

    assert "together" not in read_scores(capsys)
    assert record["together"]["stations"] == 2
    for target, scores in record["together"]["targets"].items():
        parts = [one["targets"][target] for one in record["datasets"].values()]
        assert scores["n"] == sum(one["n"] for one in parts)
        mean = sum(one["brier"] * one["n"] for one in parts) / scores["n"]
        assert scores["brier"] == pytest.approx(mean, abs=2e-6)


def test_a_trained_station_is_scored_on_its_later_rows_only(models_folder, observations, capsys):
    run_evaluate(models_folder, "--observations", observations / "east.csv.gz", "--json")

    scores = read_scores(capsys)["datasets"]["east"]["targets"]["h1"]

    assert scores["n"] == pytest.approx(0.2 * 150 * 24, rel=0.05)


def test_a_new_station_is_scored_in_full_and_named(models_folder, tmp_path, capsys):
    rows = make_rows(("NEW PLACE", -30.0, 25.0), days=30, seed=9)
    path = write_observations(tmp_path / "new.csv", rows)

    run_evaluate(models_folder, "--observations", path, "--json")

    data_set = read_scores(capsys)["datasets"]["new"]
    assert data_set["unseen_stations"] == ["NEW PLACE"]
    assert data_set["targets"]["h1"]["n"] > 28 * 24


def test_even_a_small_model_beats_climatology_for_the_next_hour(
    models_folder, observations, capsys
):
    run_evaluate(models_folder, "--observations", observations, "--json", "--runtime", "litert")

    for data_set in read_scores(capsys)["datasets"].values():
        assert data_set["targets"]["h1"]["skill"] > 0.1


def test_rivals_are_trained_on_the_same_rows(models_folder, observations, capsys, monkeypatch):
    from predictor.training import baselines

    monkeypatch.setattr(baselines, "TREES", 20)
    monkeypatch.setitem(baselines.LIGHTGBM_SETTINGS, "num_threads", 1)

    run_evaluate(
        models_folder,
        "--observations",
        observations,
        "--json",
        "--rivals",
        "all",
        "--runtime",
        "litert",
    )

    scores = read_scores(capsys)["datasets"]["east"]["targets"]["h1"]["rivals"]
    assert scores["logistic"]["n"] == scores["lightgbm"]["n"] == scores["climatology"]["n"]
    assert scores["lightgbm"]["brier"] < scores["climatology"]["brier"]


def test_the_table_for_people_names_every_target(models_folder, observations, capsys):
    run_evaluate(models_folder, "--observations", observations, "--rivals", "counted")

    printed = capsys.readouterr().out
    assert all(name in printed for name in SCORED_TARGETS)


def test_recorded_scores_leave_the_artefacts_valid(models_folder, observations):
    folder = models_folder / "rain_mini"
    before = (folder / registry.MANIFEST_NAME).read_bytes()

    run_evaluate(models_folder, "--observations", observations, "--json", "--record")

    manifest = registry.find_model(models_folder, "rain_mini")
    assert (folder / registry.MANIFEST_NAME).read_bytes() == before
    assert all(registry.check_export(manifest, export) for export in manifest.exports)
    scores = json.loads((folder / "scores.json").read_text())
    assert scores["version"] == manifest.version
    assert (folder / "reliability.svg").read_text().startswith("<svg")
    card = (folder / "MODEL_CARD.md").read_text()
    assert "| any24 |" in card
    assert "### all together" in card


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["--model", "snow"], "UnknownModelError: no model named 'snow'", id="model"),
        pytest.param(["--observations", "nowhere"], "ObservationsError: nowhere", id="path"),
        pytest.param(["--runtime", "abacus"], "RuntimeMissingError", id="runtime"),
        pytest.param(["--export", "paper"], "ArtefactError", id="export"),
    ],
)
def test_a_wrong_argument_ends_with_a_named_error(
    models_folder, observations, capsys, arguments, message
):
    code = run_evaluate(models_folder, "--observations", observations, "--json", *arguments)

    assert code == 1
    assert message in capsys.readouterr().err


def test_training_that_fails_leaves_the_old_model_alone(models_folder, observations, monkeypatch):
    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(train, "export_litert", fail)
    before = registry.find_model(models_folder, "rain_mini").version
    read = [read_observations(path) for path in sorted(observations.iterdir())]
    quick = Recipe(hidden=(4,), members=1, epochs=1, dropout=0.0)

    with pytest.raises(OSError, match="disk full"):
        train.train_model("rain_mini", quick, read, 1, models_folder)

    assert [path.name for path in models_folder.iterdir()] == ["rain_mini"]
    assert registry.find_model(models_folder, "rain_mini").version == before


def test_several_models_are_scored_one_after_the_other(
    models_folder, observations, capsys, tmp_path
):
    arguments = ["--models-folder", str(models_folder), "--observations", str(observations)]

    evaluate.main([*arguments, "--json", "--model", "rain_mini", "rain_mini"])

    one, other = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert one == other
    with pytest.raises(SystemExit):
        evaluate.main([*arguments, "--model", "a", "b", "--reliability", str(tmp_path / "a.svg")])
    assert "name one --model" in capsys.readouterr().err
