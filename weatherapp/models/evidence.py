"""What AlertChange.evidence holds: see alerting/evidence.py, which writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from weatherapp.domain.conditions import Aggregation, Basis, Comparison
from weatherapp.domain.quantities import BY_NAME, Quantity
from weatherapp.models.stored import (
    as_count,
    as_number,
    as_text,
    as_time,
    read_list,
    read_object,
)
from weatherapp.models.stored_parts import StoredParts, parse_parts

MOST_HOURS = 1000
MOST_VERSIONS = 10**6


@dataclass(frozen=True, slots=True)
class ConditionSeen:
    """One condition; `value` None: it had no data. Of everything else None: not known.

    `hours` are those that were looked at: time and value, in the quantity's unit.
    """

    quantity_name: str
    basis: Basis
    aggregation: Aggregation
    comparison: Comparison
    window_hours: int
    value: float | None
    threshold: float | None
    recovery_threshold: float | None
    made_at: datetime | None
    source: str
    hours: tuple[tuple[datetime, float], ...]
    model_name: str = ""
    model_version: str = ""
    prediction_id: int | None = None
    parts: StoredParts | None = None

    @property
    def quantity(self) -> Quantity:
        return BY_NAME[self.quantity_name]

    @property
    def codes(self) -> list[int]:
        """The weather codes that were looked at; nothing of other quantities."""
        if self.aggregation is not Aggregation.ANY_CODE:
            return []
        return [int(value) for _, value in self.hours]

    @property
    def worst_codes(self) -> list[int]:
        """The worst of them, as a list that may be empty."""
        return [max(self.codes)] if self.codes else []

    @property
    def is_change(self) -> bool:
        """Whether the value is a difference of two hours."""
        return self.aggregation is Aggregation.CHANGE


@dataclass(frozen=True, slots=True)
class Evidence:
    """`held_back_since_at` and `gates`: what kept the alert back before it was raised."""

    rule_version: int | None
    conditions: tuple[ConditionSeen, ...]
    held_back_since_at: datetime | None = None
    gates: tuple[str, ...] = ()

    @property
    def leading(self) -> ConditionSeen | None:
        """The condition that headlines speak of: the rule's first that had data."""
        known = [condition for condition in self.conditions if condition.value is not None]
        return known[0] if known else None


def parse_evidence(stored: object, row: str) -> Evidence:
    """Whatever release wrote it: what is not known is left out, what is missing is unknown.

    `row` names it in the log, where it cannot be read at all.
    """
    facts = read_object(stored, row)
    conditions = read_list(facts.get("conditions", []), row)
    gates = read_list(facts.get("gates", []), row)
    return Evidence(
        rule_version=as_count(facts.get("rule_version"), MOST_VERSIONS),
        conditions=tuple(
            seen for one in conditions if (seen := _parse_condition(one, row)) is not None
        ),
        held_back_since_at=as_time(facts.get("held_back_since_at")),
        gates=tuple(gate for gate in gates if isinstance(gate, str)),
    )


def _parse_condition(stored: object, row: str) -> ConditionSeen | None:
    """None where it is of a quantity or kind that this release does not know."""
    facts = read_object(stored, row)
    name = as_text(facts.get("quantity"))
    try:
        basis = Basis(as_text(facts.get("basis")))
        aggregation = Aggregation(as_text(facts.get("aggregation")))
        comparison = Comparison(as_text(facts.get("comparison")) or Comparison.AT_LEAST)
    except ValueError:
        return None
    if name not in BY_NAME:
        return None
    return ConditionSeen(
        quantity_name=name,
        basis=basis,
        aggregation=aggregation,
        comparison=comparison,
        window_hours=as_count(facts.get("hours"), MOST_HOURS) or 1,
        value=as_number(facts.get("value")),
        threshold=as_number(facts.get("threshold")),
        recovery_threshold=as_number(facts.get("recovery_threshold")),
        made_at=as_time(facts.get("made_at")),
        source=as_text(facts.get("source")),
        hours=_parse_hours(facts.get("seen", []), row),
        model_name=as_text(facts.get("model_name")),
        model_version=as_text(facts.get("model_version")),
        prediction_id=as_count(facts.get("prediction_id"), 2**53),
        parts=parse_parts(facts.get("parts"), row),
    )


def _parse_hours(stored: object, row: str) -> tuple[tuple[datetime, float], ...]:
    pairs = (pair for pair in read_list(stored, row) if isinstance(pair, list) and len(pair) == 2)
    known = ((as_time(at), as_number(value)) for at, value in pairs)
    return tuple((at, value) for at, value in known if at is not None and value is not None)
