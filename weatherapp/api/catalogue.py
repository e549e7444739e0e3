"""All operations of the API: what is answered, what is documented, what is tested."""

from __future__ import annotations

from weatherapp.api.operations import Operation
from weatherapp.api.resources import alert, place, prediction, rule, score, source, warning, weather
from weatherapp.api.writing import places, rules

OPERATIONS: tuple[Operation, ...] = (
    *place.OPERATIONS,
    *places.OPERATIONS,
    *weather.OPERATIONS,
    *alert.OPERATIONS,
    *warning.OPERATIONS,
    *rule.OPERATIONS,
    *rules.OPERATIONS,
    *score.OPERATIONS,
    *source.OPERATIONS,
    *prediction.OPERATIONS,
)


def list_groups() -> dict[str, list[Operation]]:
    """By group, in the order of the catalogue."""
    groups: dict[str, list[Operation]] = {}
    for operation in OPERATIONS:
        groups.setdefault(operation.group, []).append(operation)
    return groups
