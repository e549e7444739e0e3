"""Two runtimes, one answer; and what is said where one is missing."""

import numpy as np
import pytest

from predictor import config, registry, runtimes
from predictor.engine import Engine
from predictor.features import to_model_input
from tests.predictor.windows import RAINY_HOUR, make_hours, make_window

pytestmark = pytest.mark.tensorflow

WINDOWS = {
    "calm": make_window(),
    "rainy": make_window(make_hours(RAINY_HOUR)),
    "no rain gauge": make_window(make_hours(precipitation_mm=None)),
    "far south": make_window(latitude=-77.8, longitude=166.7),
    "hottest": make_window(make_hours(temperature_c=60.0, dew_point_c=40.0)),
    "storm": make_window(make_hours(wind_speed_ms=115.0, pressure_msl_hpa=850.0)),
}


@pytest.fixture(scope="module", params=registry.list_models(config.MODELS_FOLDER))
def engines(request):
    """Every runtime with the same shipped model."""
    return {name: Engine(config.MODELS_FOLDER, request.param, name) for name in runtimes.RUNTIMES}


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
def test_every_runtime_gives_the_same_answer(engines, window):
    answers = [engine.predict(to_model_input(window))[1] for engine in engines.values()]

    assert len(answers) == 2
    np.testing.assert_allclose(answers[0], answers[1], rtol=0, atol=1e-5)


@pytest.mark.parametrize("runtime", runtimes.RUNTIMES)
def test_an_answer_stays_as_it_was_when_the_next_one_comes(engines, runtime):
    engine = engines[runtime]
    _, answer = engine.predict(to_model_input(WINDOWS["calm"]))
    kept = answer.copy()

    engine.predict(to_model_input(WINDOWS["rainy"]))

    np.testing.assert_array_equal(answer, kept)


@pytest.mark.parametrize(
    ("runtime", "export"), [("tensorflow", "saved_model"), ("litert", "litert_float32")]
)
def test_a_model_without_the_runtimes_export_is_refused_by_name(spoil_manifest, runtime, export):
    engine = Engine(spoil_manifest(exports={}), "rain_mini", runtime)

    for ask in (engine.check, lambda: engine.answer(make_window())):
        with pytest.raises(registry.ArtefactError, match=f"rain_mini has no export '{export}'"):
            ask()


def test_a_runtime_that_is_not_installed_is_refused_by_name(monkeypatch):
    absent = runtimes.RuntimeEntry("predictor.runtimes.absent", "no_such_package", "saved_model")
    monkeypatch.setitem(runtimes.RUNTIMES, "absent", absent)
    engine = Engine(config.MODELS_FOLDER, "rain_mini", "absent")

    for ask in (engine.check, lambda: engine.answer(make_window())):
        with pytest.raises(runtimes.RuntimeMissingError, match="no package no_such_package"):
            ask()


def test_a_runtime_that_does_not_load_here_is_refused_with_the_reason(monkeypatch):
    broken = runtimes.RuntimeEntry("predictor.runtimes.absent", "json", "saved_model")
    monkeypatch.setitem(runtimes.RUNTIMES, "broken", broken)

    with pytest.raises(runtimes.RuntimeMissingError, match=r"cannot be used here: .*absent"):
        runtimes.find_runtime("broken")
