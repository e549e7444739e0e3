"""The predictor's real process: it goes when it should, and no request goes with it."""

import re
import signal

import pytest

from predictor.shipped import list_shipped_models
from tests.predictor.predictor_process import Predictor
from tests.system.site import wait_for
from weatherapp.operations.local.redis_server import RedisServer

pytestmark = pytest.mark.system


@pytest.fixture
def make_predictor(tmp_path):
    with RedisServer(tmp_path / "redis.log") as redis:
        yield lambda **environment: Predictor(redis.url, tmp_path, **environment)


def run_until_answered(predictor, count):
    """Start a process after each that ended, as a platform does; their exit statuses."""
    ended = []
    while len(predictor.answers()) < count:
        with predictor.running() as process:
            wait_for(
                "an end of the process or of the work",
                lambda: process.poll() is not None or len(predictor.answers()) >= count,
            )
            if process.poll() is not None:
                ended.append(process.returncode)
    return ended


def test_a_predictor_that_is_replaced_every_few_answers_loses_none(make_predictor):
    predictor = make_predictor(PREDICTOR_MAX_REQUESTS="5")
    ids = [f"request-{number}" for number in range(23)]
    for request_id in ids:
        predictor.ask(request_id)

    ended = run_until_answered(predictor, len(ids))

    assert sorted(answer["request_id"] for answer in predictor.answers()) == sorted(ids)
    assert {answer["outcome"] for answer in predictor.answers()} == {"ANSWERED"}
    assert len(ended) >= 3
    assert set(ended) == {0}


def test_a_predictor_that_holds_too_much_finishes_its_request_and_goes(make_predictor):
    predictor = make_predictor(PREDICTOR_MAX_MEMORY_MB="1")
    predictor.ask("one")

    with predictor.running() as process:
        assert process.wait(120) == 0

    (answer,) = predictor.answers()
    assert answer["outcome"] == "ANSWERED"
    assert "MB held, more than PREDICTOR_MAX_MEMORY_MB" in predictor.log()


def test_an_idle_predictor_unloads_and_answers_again(make_predictor):
    predictor = make_predictor(PREDICTOR_IDLE_SECONDS="0.5")

    with predictor.running():
        predictor.ask("first")
        predictor.wait_for_answers(1)
        wait_for("the model is unloaded", lambda: "Unloaded rain_mini" in predictor.log())
        predictor.ask("second")
        answers = predictor.wait_for_answers(2)

    assert {answer["outcome"] for answer in answers} == {"ANSWERED"}


def test_a_runtime_that_is_not_there_is_said_at_the_start_and_to_each_requester(make_predictor):
    predictor = make_predictor(PREDICTOR_RUNTIME="abacus")

    with predictor.running() as process:
        predictor.ask("one")
        (answer,) = predictor.wait_for_answers(1)
        is_up = process.poll() is None

    assert is_up
    assert answer["error"] == "RuntimeMissingError"
    assert "'abacus'" in answer["message"]
    assert "No request can be answered: RuntimeMissingError: no runtime" in predictor.log()


def test_one_process_answers_with_whichever_model_a_request_names(make_predictor):
    predictor = make_predictor()
    asked = list_shipped_models()

    with predictor.running():
        for name in asked:
            predictor.ask(f"for {name}", model=name)
        predictor.ask("for snow", model="snow")
        messages = predictor.wait_for_answers(len(asked) + 1)
    answers = {message["request_id"]: message for message in messages}

    assert [answers[f"for {name}"]["model_name"] for name in asked] == asked
    assert answers["for snow"]["error"] == "UnknownModelError"


@pytest.mark.tensorflow
def test_a_load_of_tensorflow_and_an_answer_write_nothing_past_the_log(make_predictor, monkeypatch):
    monkeypatch.delenv("TF_CPP_MIN_LOG_LEVEL", raising=False)
    predictor = make_predictor(PREDICTOR_RUNTIME="tensorflow")
    own_line = re.compile(r"\d{4}-\d\d-\d\d [\d:,]+ INFO predictor\[\d+\] [\w.]+: ")

    with predictor.running():
        for number in range(2):
            predictor.ask(f"number {number}")
            predictor.wait_for_answers(number + 1)

    # Before that, Celery has a word to say to who runs it as root.
    _, _, after_start = predictor.log().partition(" ready.\n")
    assert "(tensorflow)" in after_start
    assert [line for line in after_start.splitlines() if not own_line.match(line)] == []


def test_told_to_stop_it_stops_well(make_predictor):
    predictor = make_predictor()

    with predictor.running() as process:
        predictor.ask("one")
        predictor.wait_for_answers(1)
        process.send_signal(signal.SIGTERM)

        assert process.wait(30) == 0
