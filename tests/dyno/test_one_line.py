"""Whatever a record holds, it is one line of bounded length; only tracebacks have more."""

from __future__ import annotations

import json
import logging

import pytest

from dyno.logs import FORMATTERS, JsonFormatter, LineFormatter
from dyno.one_line import MAX_CHARACTERS

FORGED = "2026-01-01 00:00:00,000 INFO web[1] weatherapp: all is well"
BREAKS = ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
SECRET = "redis://:hunter2hunter2@host"


def formatters():
    line = {key: value for key, value in FORMATTERS["line"].items() if key != "()"}
    return [
        pytest.param(LineFormatter(**line), id="line"),
        pytest.param(JsonFormatter(), id="json"),
    ]


def write(formatter, message, *values, error=None):
    record = logging.LogRecord("x", logging.INFO, __file__, 1, message, values, None)
    if error is not None:
        record.exc_info = (type(error), error, error.__traceback__)
    return formatter.format(record)


def raised(error, cause=None):
    try:
        raise error from cause
    except type(error) as caught:
        return caught


@pytest.mark.parametrize("formatter", formatters())
@pytest.mark.parametrize("line_break", BREAKS, ids=ascii)
def test_no_argument_makes_a_second_line(formatter, line_break):
    text = write(formatter, "Not Found: %s", f"/x{line_break}{FORGED}")

    assert len(text.splitlines()) == 1
    assert FORGED in text


@pytest.mark.parametrize("formatter", formatters())
@pytest.mark.parametrize(
    "mark", ["\x1b[2J", "\x00", "\x7f", "\u202e", "\ud800", "\u200b"], ids=ascii
)
def test_what_a_terminal_would_obey_or_hide_is_spelled_out(formatter, mark):
    text = write(formatter, "%s", f"a{mark}b")

    assert text.isprintable()
    text.encode()  # also what no encoding could write


@pytest.mark.parametrize("formatter", formatters())
def test_other_scripts_stay_readable(formatter):
    assert "Zürich, 東京, ☂" in write(formatter, "%s", "Zürich, 東京, ☂")


@pytest.mark.parametrize("formatter", formatters())
def test_a_long_message_is_cut_and_says_so(formatter):
    text = write(formatter, "reason: %s", "x" * 3_900_000)

    assert len(text) < MAX_CHARACTERS + 300
    assert "... (cut, 3900008 characters)" in text


@pytest.mark.parametrize("formatter", formatters())
def test_arguments_that_do_not_fit_cost_neither_the_line_nor_a_secret(formatter):
    text = write(formatter, f"%d of %s, {SECRET}", "three")

    assert "its arguments do not fit" in text
    assert "hunter2" not in text


@pytest.mark.parametrize("formatter", formatters())
def test_a_traceback_shows_where_but_no_secret_and_no_forged_line(formatter):
    cause = raised(ValueError(f"{SECRET}\n{FORGED}"))
    text = write(formatter, "failed", error=raised(RuntimeError("x" * 5000 + "\n" + FORGED), cause))

    shown = json.loads(text)["exception"] if text.startswith("{") else text
    assert "hunter2" not in text
    assert not any(line.startswith(FORGED) for line in shown.splitlines())
    assert r"ValueError: redis://[hidden]@host\n2026" in shown
    assert "RuntimeError: xxx" in shown
    assert "(cut, " in shown
    assert "in raised" in shown
    assert shown.index("ValueError") < shown.index("led to this one") < shown.index("RuntimeError")


@pytest.mark.parametrize("formatter", formatters())
def test_a_traceback_without_end_is_bounded(formatter):
    def fall(depth):
        if depth % 2:  # so that Python does not see a repetition
            return fall(depth + 1)
        return fall(depth + 1)

    try:
        fall(0)
    except RecursionError as caught:
        error = caught
    for _ in range(100):
        error = raised(ValueError("again"), error)

    assert len(write(formatter, "failed", error=error).splitlines()) < 600


def test_what_another_formatter_has_left_on_the_record_is_not_used():
    record = logging.LogRecord("x", logging.INFO, __file__, 1, "failed", (), None)
    error = raised(ValueError(SECRET))
    record.exc_info = (type(error), error, error.__traceback__)
    logging.Formatter().format(record)
    assert "hunter2" in record.exc_text

    for formatter in (LineFormatter("%(message)s"), JsonFormatter()):
        assert "hunter2" not in formatter.format(record)
