"""The task, called as a function: what goes to the callback."""

import pytest

from predictor import config, contract, messages, worker
from predictor.engine import Engine
from predictor.idle import IdleWatch
from predictor.registry import find_model
from tests.predictor.windows import make_hours, make_window

pytestmark = pytest.mark.tensorflow


def ask(window=None, **changes):
    """One window's answer."""
    window = make_window().to_wire() if window is None else window
    message = messages.make_message({changes.pop("request_id", "r-1"): window}, None)
    (reply,) = worker.predict_rain(**{**message, **changes})["answers"]
    return reply


def test_a_good_request_is_answered_with_its_id():
    reply = ask()

    assert reply["request_id"] == "r-1"
    assert reply["outcome"] == "ANSWERED"
    assert contract.parse_answer(reply).model_name == "rain_mini"


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        pytest.param({"schema_version": 99}, "ContractError", "schema_version 99", id="version"),
        pytest.param({"window": {}}, "ContractError", "lacks", id="empty window"),
        pytest.param({"window": "noon"}, "ContractError", "lacks", id="window of text"),
        pytest.param({"model": "snow"}, "UnknownModelError", "'snow'", id="unknown model"),
        pytest.param(
            {"schema_version": 99, "ensemble": True}, "ContractError", "99", id="newer fields"
        ),
    ],
)
def test_a_bad_request_is_refused_by_name(changes, error, message):
    reply = ask(**changes)

    assert reply["request_id"] == "r-1"
    assert reply["outcome"] == "REFUSED"
    assert reply["error"] == error
    assert message in reply["message"]


def test_each_window_of_a_message_is_answered_by_itself():
    windows = {"a": make_window().to_wire(), "b": {}, "c": make_window().to_wire()}

    answers = messages.parse_answers(worker.predict_rain(**messages.make_message(windows, None)))

    assert {key: said["outcome"] for key, said in answers.items()} == {
        "a": "ANSWERED",
        "b": "REFUSED",
        "c": "ANSWERED",
    }
    alone = ask()
    assert answers["a"]["hourly_probability"] == alone["hourly_probability"]


@pytest.mark.parametrize(
    "questions", [None, 5, "text", [], [5], [{"window": {}}], [{"request_id": 7}]]
)
def test_what_asks_nothing_is_answered_with_nothing(questions):
    assert worker.predict_rain(questions=questions, schema_version=99) == {"answers": []}


def test_a_request_id_of_several_lines_forges_no_line_of_the_log(caplog):
    reply = ask(request_id="r-1\nERROR forged" + "x" * 1000, schema_version=99)

    assert reply["outcome"] == "REFUSED"
    (line,) = caplog.messages
    assert line.isprintable()
    assert len(line) < 300


def test_an_implausible_value_reaches_the_requester_with_its_hour():
    window = {**make_window().to_wire(), "hours": make_hours(temperature_c=283.15)}

    assert "hour 0 temperature_c" in ask(window)["message"]


def test_without_any_model_each_request_is_told_so(monkeypatch, tmp_path):
    monkeypatch.setattr(worker, "engine", Engine(tmp_path, "rain_mini", "tensorflow"))

    assert ask()["error"] == "NoModelError"


@pytest.fixture
def begin(monkeypatch, caplog):
    """The start of a worker with this engine; what it says."""

    def begin_with(*engine):
        monkeypatch.setattr(worker, "engine", Engine(*engine))
        monkeypatch.setattr(worker, "idle_watch", IdleWatch(worker.engine, 0))
        with caplog.at_level("INFO", logger="predictor"):
            worker.begin()
        return caplog.text

    return begin_with


def test_a_worker_says_at_its_start_which_model_it_answers_with(begin):
    version = find_model(config.MODELS_FOLDER, "rain_mini").version

    said = begin(config.MODELS_FOLDER, "rain_mini", "tensorflow")

    assert f"Answers with rain_mini {version} on tensorflow" in said


def test_a_worker_that_has_no_model_says_so_at_its_start_and_stays_up(begin, tmp_path):
    said = begin(tmp_path, "rain_mini", "tensorflow")

    assert "No request can be answered: NoModelError: no trained model" in said
    assert ask()["error"] == "NoModelError"


def test_an_altered_model_is_told_to_the_requester(monkeypatch, models_folder):
    (models_folder / "rain_mini" / "saved_model" / "saved_model.pb").write_bytes(b"no model")
    monkeypatch.setattr(worker, "engine", Engine(models_folder, "rain_mini", "tensorflow"))

    reply = ask()

    assert reply["error"] == "ArtefactError"
    assert "saved_model.pb" in reply["message"]


def test_the_unexpected_is_refused_too_and_logged(monkeypatch, caplog):
    def fail(window, model):
        raise ZeroDivisionError("oops")

    monkeypatch.setattr(worker.engine, "answer", fail)

    reply = ask()

    assert reply["error"] == "PredictorError"
    assert "ZeroDivisionError: oops" in reply["message"]
    assert "Request r-1 failed" in caplog.text


def test_the_task_is_acknowledged_only_when_done_and_keeps_no_result():
    assert worker.predict_rain.acks_late
    assert worker.predict_rain.ignore_result
    assert worker.predict_rain.name == contract.TASK_NAME
