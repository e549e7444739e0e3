"""One model in memory, loaded on the first request."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest

from predictor import config, contract, registry, runtimes
from predictor.engine import Engine
from tests.predictor.windows import RAINY_HOUR, make_hours, make_window

pytestmark = pytest.mark.tensorflow

SHIPPED = config.MODELS_FOLDER


@pytest.fixture(scope="module")
def engine():
    return Engine(SHIPPED, "rain_mini", "tensorflow")


@pytest.fixture
def loads(monkeypatch):
    """Folders as the real runtime loads them, and the models it unloads."""
    tensorflow = runtimes.find_runtime("tensorflow")
    seen = []
    really_load = tensorflow.load
    really_unload = tensorflow.SavedModel.unload

    def load(folder, export, paths):
        seen.append(f"load {folder.name}")
        return really_load(folder, export, paths)

    def unload(model):
        seen.append("unload")
        really_unload(model)

    monkeypatch.setattr(tensorflow, "load", load)
    monkeypatch.setattr(tensorflow.SavedModel, "unload", unload)
    return seen


def test_an_answer_is_probabilities_with_the_models_name(engine):
    answer = engine.answer(make_window())

    assert isinstance(contract.parse_answer(answer.to_wire()), contract.Answer)
    assert answer.model_name == "rain_mini"
    assert answer.model_version == registry.find_model(SHIPPED, "rain_mini").version


def test_any_of_several_hours_is_at_least_as_likely_as_each(engine):
    for row in (make_hours(), make_hours(RAINY_HOUR)):
        answer = engine.answer(make_window(row))

        assert answer.probability_any_6h >= max(answer.hourly_probability[:6])
        assert answer.probability_any_24h >= max(answer.hourly_probability)


def test_rain_now_makes_rain_likelier_than_a_calm_day(engine):
    rainy = engine.answer(make_window(make_hours(RAINY_HOUR)))
    calm = engine.answer(make_window())

    assert rainy.hourly_probability[0] > 0.5
    assert calm.hourly_probability[0] < 0.1


@pytest.mark.parametrize("name", contract.FEATURE_NAMES)
def test_a_missing_column_still_gets_an_answer(engine, name):
    answer = engine.answer(make_window(make_hours(**{name: None})))

    assert np.isfinite(answer.hourly_probability).all()


def test_nothing_is_loaded_before_the_first_request(loads):
    Engine(SHIPPED, "rain_mini", "tensorflow")

    assert loads == []


def test_concurrent_first_requests_load_once(loads):
    engine = Engine(SHIPPED, "rain_mini", "tensorflow")
    ready = Barrier(8)

    def ask(_):
        ready.wait()
        return engine.answer(make_window()).hourly_probability

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(ask, range(8)))

    assert loads == ["load rain_mini"]
    assert len(answers) == 1


def test_another_model_is_loaded_only_after_the_first_is_gone(two_models, loads):
    engine = Engine(two_models, "rain_mini", "tensorflow")

    names = [engine.answer(make_window(), model).model_name for model in (None, "rain_other")]

    assert names == ["rain_mini", "rain_other"]
    assert loads == ["load rain_mini", "unload", "load rain_other"]


def test_threads_that_ask_for_different_models_get_the_one_they_asked_for(two_models):
    engine = Engine(two_models, "rain_mini", "tensorflow")
    asked = ["rain_mini", "rain_other"] * 4

    with ThreadPoolExecutor(4) as pool:
        answered = list(pool.map(lambda name: engine.answer(make_window(), name).model_name, asked))

    assert answered == asked


def test_a_spoiled_model_leaves_the_loaded_one_at_work(two_models):
    engine = Engine(two_models, "rain_mini", "tensorflow")
    engine.answer(make_window())
    (two_models / "rain_other" / "saved_model" / "saved_model.pb").write_bytes(b"")

    with pytest.raises(registry.ArtefactError, match=r"saved_model\.pb"):
        engine.answer(make_window(), "rain_other")

    assert engine.answer(make_window()).model_name == "rain_mini"


@pytest.mark.parametrize("value", [float("nan"), 1.5, -0.2])
def test_an_answer_that_is_no_probability_is_not_passed_on(engine, monkeypatch, value):
    tensorflow = runtimes.find_runtime("tensorflow")
    broken = np.full(contract.LEAD_HOURS + 2, value, dtype=np.float32)
    monkeypatch.setattr(tensorflow.SavedModel, "predict", lambda *_: broken)

    with pytest.raises(registry.ArtefactError, match="no probability"):
        engine.answer(make_window())


def test_after_unloading_the_next_request_loads_again(loads):
    engine = Engine(SHIPPED, "rain_mini", "tensorflow")
    engine.answer(make_window())

    engine.unload()
    engine.answer(make_window())

    assert loads == ["load rain_mini", "unload", "load rain_mini"]


class Clock:
    """Seconds that pass when the test says so."""

    now_s = 1000.0

    def __call__(self):
        return self.now_s


def test_a_model_that_nobody_asked_for_long_enough_is_unloaded(loads):
    clock = Clock()
    engine = Engine(SHIPPED, "rain_mini", "tensorflow", clock_s=clock)
    engine.answer(make_window())

    clock.now_s += 899
    assert engine.unload_if_idle(900) == 1
    assert loads == ["load rain_mini"]

    clock.now_s += 1
    assert engine.unload_if_idle(900) == 900
    assert loads == ["load rain_mini", "unload"]


def test_a_request_begins_the_idle_time_anew(loads):
    clock = Clock()
    engine = Engine(SHIPPED, "rain_mini", "tensorflow", clock_s=clock)
    engine.answer(make_window())

    clock.now_s += 600
    engine.answer(make_window())
    clock.now_s += 600

    assert engine.unload_if_idle(900) == 300
    assert loads == ["load rain_mini"]


def test_without_a_model_in_memory_nothing_is_unloaded(loads):
    clock = Clock()
    engine = Engine(SHIPPED, "rain_mini", "tensorflow", clock_s=clock)

    clock.now_s += 1000

    assert engine.unload_if_idle(900) == 900
    assert loads == []


def test_a_check_names_the_model_and_loads_nothing(loads):
    engine = Engine(SHIPPED, "rain_mini", "tensorflow")

    assert engine.check().name == "rain_mini"
    assert loads == []


def test_an_unknown_runtime_is_refused_by_name():
    with pytest.raises(runtimes.RuntimeMissingError, match="'abacus'"):
        Engine(SHIPPED, "rain_mini", "abacus").answer(make_window())


# kombu takes django.utils.functional where Django is installed, and nothing more of it.
HEAVY = ("numpy", "tensorflow", "keras", "django.conf", "django.apps", "django.db")


def test_the_worker_starts_without_numpy_tensorflow_and_django():
    program = f"import sys, predictor.worker; print(sorted(set({HEAVY}) & set(sys.modules)))"

    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert told.stdout.strip() == "[]"
