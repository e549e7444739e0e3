"""What a line of the log looks like."""

from __future__ import annotations

import json
import logging
import logging.config
import os
import sys
from datetime import datetime

import pytest

from dyno import trace
from dyno.identity import name_process
from dyno.logs import JsonFormatter, LineFormatter, LogFormatError, logging_config


@pytest.fixture(autouse=True)
def _clean(monkeypatch):
    monkeypatch.delenv("LOG_FORMAT", raising=False)
    monkeypatch.delenv("LOG_LEVEL", raising=False)
    name_process("worker")
    yield
    name_process("command")


def make_record(message="%s places", *values, **fields):
    record = logging.LogRecord(
        "weatherapp.tasks", logging.INFO, __file__, 1, message, values or (3,), None
    )
    vars(record).update(fields)
    return record


def format_line(record):
    options = dict(logging_config()["formatters"]["chosen"])
    assert options.pop("()") is LineFormatter
    return LineFormatter(**options).format(record)


def test_a_line_names_the_process_its_pid_and_the_logger():
    line = format_line(make_record())

    assert line.endswith(f"INFO worker[{os.getpid()}] weatherapp.tasks: 3 places")


def test_a_line_ends_with_the_trace_id_where_there_is_one():
    token = trace.trace_id.set("abc123")
    line = format_line(make_record())
    trace.trace_id.reset(token)

    assert line.endswith("3 places [abc123]")
    assert format_line(make_record()).endswith("3 places")


def test_a_json_line_has_every_field():
    tokens = [trace.trace_id.set("abc123"), trace.task_id.set("def456")]
    fields = json.loads(JsonFormatter().format(make_record()))
    for variable, token in zip((trace.trace_id, trace.task_id), tokens, strict=True):
        variable.reset(token)

    assert datetime.fromisoformat(fields.pop("time")).tzinfo is not None
    assert fields == {
        "level": "INFO",
        "logger": "weatherapp.tasks",
        "message": "3 places",
        "process_type": "worker",
        "pid": os.getpid(),
        "trace_id": "abc123",
        "task_id": "def456",
    }


def test_a_json_record_is_one_line_whatever_it_holds():
    try:
        raise ValueError("first line\nsecond line")
    except ValueError:
        record = make_record("Zürich\n%s", 'quote " and 雨', exc_info=sys.exc_info())

    line = JsonFormatter().format(record)

    assert "\n" not in line
    assert json.loads(line)["message"] == r'Zürich\nquote " and 雨'
    assert json.loads(line)["exception"].endswith("\nValueError: first line" r"\nsecond line")


@pytest.mark.parametrize(
    ("log_format", "formatter"),
    [("", LineFormatter), ("line", LineFormatter), ("json", JsonFormatter)],
)
def test_the_environment_chooses_the_format(monkeypatch, log_format, formatter):
    monkeypatch.setenv("LOG_FORMAT", log_format)

    assert logging_config()["formatters"]["chosen"]["()"] is formatter


def test_an_unknown_format_is_refused_by_name(monkeypatch):
    monkeypatch.setenv("LOG_FORMAT", "xml")

    with pytest.raises(LogFormatError, match="xml"):
        logging_config()


def test_memory_is_worth_a_line_whatever_else_is_hidden(monkeypatch):
    monkeypatch.setenv("LOG_LEVEL", "error")
    config = logging_config()

    assert config["root"]["level"] == "ERROR"
    assert config["loggers"]["dyno.watch"]["level"] == "INFO"
