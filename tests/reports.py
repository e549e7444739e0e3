"""Reports as processes leave them in Redis, also those of other times and versions."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import redis

from dyno.reports import KEY, Report, read_time_s


def make_report(process_type: str = "worker", **fields: Any) -> Report:
    usual: dict[str, Any] = {
        "instance": f"{process_type}@a:1",
        "pid": 1,
        "memory_mb": 80.0,
        "memory_limit_mb": 512.0,
        "clock_ahead_s": 0.0,
        "up_s": 3600.0,
    }
    return Report(process_type=process_type, **(usual | fields))


def store_report(
    client: redis.Redis, process_type: str, *, age_s: float = 0, **fields: Any
) -> None:
    """As the process wrote it `age_s` ago, by Redis's clock."""
    fields = {"reported_at_s": read_time_s(client) - age_s} | fields
    report = make_report(process_type, **fields)
    client.hset(KEY, report.instance, json.dumps(asdict(report)))
