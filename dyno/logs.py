"""How every process logs: lines for people, or JSON lines (LOG_FORMAT=json) for a log store.

Both formats redact, cut and escape whatever a record holds. That is the formatters' work, and not
a filter's on some loggers, so that no record of any library comes past it.
"""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from typing import Any

from dyno.identity import process_type
from dyno.one_line import escape, format_chain, tidy
from dyno.trace import task_id, trace_id


class LineFormatter(logging.Formatter):
    """`2026-01-01 12:00:00,000 INFO worker[42] weatherapp.tasks: message [trace id]`."""

    def format(self, record: logging.LogRecord) -> str:
        record.process_type = process_type()
        record.trace_suffix = f" [{trace_id.get()}]" if trace_id.get() else ""
        record.asctime = self.formatTime(record)
        record.message = read_message(record)
        line = escape(self.formatMessage(record))
        return f"{line}\n{trace}" if (trace := read_trace(record)) else line


class JsonFormatter(logging.Formatter):
    """One JSON object a line, ready for Elasticsearch."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": read_message(record),
            "process_type": process_type(),
            "pid": record.process,
        }
        for name, variable in (("trace_id", trace_id), ("task_id", task_id)):
            if value := variable.get():
                fields[name] = escape(value)
        if trace := read_trace(record):
            fields["exception"] = trace
        return json.dumps(fields, ensure_ascii=False)


def read_message(record: logging.LogRecord) -> str:
    """What may be shown of it; arguments that do not fit must not cost the line."""
    try:
        return tidy(record.getMessage())
    except (TypeError, ValueError, KeyError):
        return tidy(f"{record.msg} (its arguments do not fit)")


def read_trace(record: logging.LogRecord) -> str:
    """The record's exception; never the text that another formatter has left on the record."""
    if not isinstance(record.exc_info, tuple) or record.exc_info[1] is None:
        return ""
    return format_chain(record.exc_info[1], record.exc_info[2])


FORMATTERS: dict[str, dict[str, Any]] = {
    "line": {
        "()": LineFormatter,
        "fmt": "{asctime} {levelname} {process_type}[{process}] {name}: {message}{trace_suffix}",
        "style": "{",
    },
    "json": {"()": JsonFormatter},
}


class LogFormatError(ValueError):
    """LOG_FORMAT names no format."""


def logging_config(level: str = "", log_format: str = "") -> dict[str, Any]:
    """For `logging.config.dictConfig`; what is not given says the environment."""
    level = level or os.environ.get("LOG_LEVEL") or "INFO"
    log_format = log_format or os.environ.get("LOG_FORMAT") or "line"
    if log_format not in FORMATTERS:
        raise LogFormatError(f"LOG_FORMAT must be line or json, got {log_format!r}")
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chosen": FORMATTERS[log_format]},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "chosen"}},
        "root": {"handlers": ["console"], "level": level.upper()},
        "loggers": {
            # A line a minute, worth reading whatever else is hidden.
            "dyno.watch": {"level": "INFO"},
            # Django brings handlers of its own, which would write past these formatters.
            "django": {"handlers": []},
            "django.server": {"handlers": [], "propagate": True},
        },
    }
