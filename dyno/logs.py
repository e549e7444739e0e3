"""How every process logs: lines for people, or JSON lines (LOG_FORMAT=json) for a log store."""

from __future__ import annotations

import json
import logging
import os
from datetime import UTC, datetime
from typing import Any

from dyno.identity import process_type
from dyno.trace import task_id, trace_id


class LineFormatter(logging.Formatter):
    """`2026-01-01 12:00:00,000 INFO worker[42] weatherapp.tasks: message [trace id]`."""

    def format(self, record: logging.LogRecord) -> str:
        record.process_type = process_type()
        record.trace_suffix = f" [{trace_id.get()}]" if trace_id.get() else ""
        return super().format(record)


class JsonFormatter(logging.Formatter):
    """One JSON object a line, ready for Elasticsearch."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process_type": process_type(),
            "pid": record.process,
        }
        for name, variable in (("trace_id", trace_id), ("task_id", task_id)):
            if value := variable.get():
                fields[name] = value
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False)


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
        # A line a minute, worth reading whatever else is hidden.
        "loggers": {"dyno.watch": {"level": "INFO"}},
    }
