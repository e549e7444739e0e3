"""What the site's processes last said of themselves, by type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dyno.memory import MB
from weatherapp.operations.health import Broker
from weatherapp.operations.metrics import catalogue as c
from weatherapp.operations.metrics.families import Sample


def list_of_processes(
    broker: Broker, processes: Mapping[str, Mapping[str, Any]]
) -> Iterator[Sample]:
    yield c.REJECTED.of(broker.poisoned)
    for name, part in processes.items():
        yield c.PROCESSES.of(part["count"], name)
        yield from _list_of_type(name, part)


def _list_of_type(name: str, part: Mapping[str, Any]) -> Iterator[Sample]:
    """What a silent type lacks is left out, and so is what another process counts."""
    for family, key, factor in (
        (c.PROCESS_MEMORY, "memory_mb", MB),
        (c.PROCESS_LIMIT, "memory_limit_mb", MB),
        (c.PROCESS_UPTIME, "up_s", 1),
        (c.REPORT_AGE, "last_report_age_s", 1),
    ):
        if (value := part.get(key)) is not None:
            yield family.of(round(value * factor, 1), name)
