"""How a rule is written by a program: the body of a request, and what stands in where it is silent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from weatherapp.alerting.engine.problems import LONGEST_HOURS, LONGEST_PERIOD_MINUTES
from weatherapp.alerting.engine.rule import MOST_CONDITIONS, NoDataPolicy
from weatherapp.api.checking import Wrong
from weatherapp.api.schema import (
    FLAG,
    ID,
    INTEGER,
    NUMBER,
    Type,
    limited,
    line,
    list_of,
    maybe,
    one_of,
)
from weatherapp.domain.cap import LEVELS, Severity
from weatherapp.domain.conditions import Aggregation, Basis, Comparison
from weatherapp.domain.quantities import BY_NAME, Kind
from weatherapp.models import RuleScope

MOST_TAGS, MOST_PLACES, MOST_CODES = 50, 1000, 100
UNIT = "In the quantity's unit, which its name ends with; probabilities are 0 to 1."


def _property(type: Type, description: str) -> dict[str, Any]:
    return {**type.schema, "description": description}


def _count(most: int, least: int = 0) -> Type:
    return limited(INTEGER, minimum=least, maximum=most)


LEVEL = {
    "type": "object",
    "properties": {
        "severity": _property(one_of(LEVELS), "The lowest comes first."),
        "threshold": _property(NUMBER, f"From which it holds; not of weather codes. {UNIT}"),
        "recovery_threshold": _property(
            NUMBER, f"Until which it goes on; else the threshold. {UNIT}"
        ),
        "codes": _property(
            list_of(_count(99), maxItems=MOST_CODES),
            "Of weather codes: which (WMO 4677). A level has those of worse ones as well.",
        ),
    },
    "required": ["severity"],
    "additionalProperties": False,
}
CONDITION = {
    "type": "object",
    "properties": {
        "quantity": _property(one_of(BY_NAME), "Of which quantity."),
        "basis": _property(one_of(Basis), "Where the hours are from."),
        "hours": _property(_count(max(LONGEST_HOURS.values()), 1), "How many."),
        "aggregation": _property(one_of(Aggregation), "What is made of them."),
        "comparison": _property(one_of(Comparison), "Else AT_LEAST."),
        "levels": {
            "type": "array",
            "items": LEVEL,
            "minItems": 1,
            "maxItems": len(LEVELS),
            "description": "The lowest severity first.",
        },
    },
    "required": ["quantity", "basis", "hours", "aggregation", "levels"],
    "additionalProperties": False,
}
_SAYS: dict[str, Any] = {
    "conditions": {
        "type": "array",
        "items": CONDITION,
        "minItems": 1,
        "maxItems": MOST_CONDITIONS,
        "description": "All must hold.",
    },
    "pending_evaluations": _property(
        _count(24, 1), "So many evaluations in a row before it is raised; else 1."
    ),
    "pending_minutes": _property(_count(LONGEST_PERIOD_MINUTES), "And so long; else 0."),
    "keep_firing_minutes": _property(
        _count(LONGEST_PERIOD_MINUTES), "So long it waits before it ends; else 0."
    ),
    "rearm_minutes": _property(
        _count(LONGEST_PERIOD_MINUTES), "So long after an alert before the next; else 0."
    ),
    "lead_from_hours": _property(_count(48), "Look from so far ahead on; else 0."),
    "months": _property(list_of(_count(12, 1), maxItems=12), "Only in these; none: all."),
    "from_hour": _property(maybe(_count(24)), "Only from this hour of the day, local."),
    "to_hour": _property(maybe(_count(24)), "Up to this hour; may be past midnight."),
    "no_data_policy": _property(one_of(NoDataPolicy), "Of an open alert without data; else SAY."),
}
DEFINITION = frozenset(_SAYS)
PROPERTIES = {
    "name": _property(line(least=1, most=80), "What a reader sees."),
    "is_active": _property(FLAG, "Whether it raises anything; else true."),
    "scope": _property(one_of(RuleScope), "Which places it looks at; else ALL."),
    "tags": _property(
        list_of(line(least=1, most=40), maxItems=MOST_TAGS), "Names of tags that there are."
    ),
    "places": _property(list_of(ID, maxItems=MOST_PLACES), "Numbers of places."),
    **_SAYS,
}
CREATE = {
    "type": "object",
    "properties": PROPERTIES,
    "required": ["name", "conditions"],
    "additionalProperties": False,
}
CHANGE = {
    "type": "object",
    "properties": PROPERTIES,
    "minProperties": 1,
    "additionalProperties": False,
}


def find_missing(conditions: Iterable[Mapping[str, Any]]) -> Iterator[Wrong]:
    """What JSON Schema cannot say: what a level must have depends on the quantity."""
    for index, condition in enumerate(conditions):
        is_code = BY_NAME[condition["quantity"]].kind is Kind.CODE
        worst = 0
        for number, level in enumerate(condition["levels"]):
            at, rank = f"/conditions/{index}/levels/{number}", Severity(level["severity"]).rank
            if not is_code and "threshold" not in level:
                yield Wrong(f"{at}/threshold", "Must be given.")
            if is_code and rank <= worst:
                yield Wrong(f"{at}/severity", "The lowest severity comes first, and each once.")
            worst = rank


def complete(stored: Mapping[str, Any]) -> dict[str, Any]:
    """As the engine reads it, with what was left out; of JSON that the schema lets through."""
    conditions = [_complete_condition(one) for one in stored["conditions"]]
    numbers = {name: _whole(value) for name, value in stored.items() if name != "conditions"}
    return {**numbers, "conditions": conditions}


def _complete_condition(condition: Mapping[str, Any]) -> dict[str, Any]:
    is_code = BY_NAME[condition["quantity"]].kind is Kind.CODE
    levels = [_complete_level(level, is_code=is_code) for level in condition["levels"]]
    if is_code:
        for level in levels:
            rank = Severity(level["severity"]).rank
            worse = [one for one in levels if Severity(one["severity"]).rank >= rank]
            level["codes"] = sorted({code for one in worse for code in one["codes"]})
    usual = {"comparison": Comparison.AT_LEAST.value}
    return {**usual, **condition, "hours": int(condition["hours"]), "levels": levels}


def _complete_level(level: Mapping[str, Any], *, is_code: bool) -> dict[str, Any]:
    """One hour with any of the codes is enough."""
    threshold = 1.0 if is_code else level.get("threshold")
    recovery = 1.0 if is_code else level.get("recovery_threshold", threshold)
    codes = [int(code) for code in level.get("codes", ())] if is_code else []
    return {
        "severity": level["severity"],
        "threshold": threshold,
        "recovery_threshold": recovery,
        "codes": codes,
    }


def _whole(value: Any) -> Any:
    """2.0 is 2 in JSON."""
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return int(value) if isinstance(value, float) else value
