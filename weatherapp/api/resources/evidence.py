"""What a decision about an alert saw, condition by condition."""

from __future__ import annotations

from typing import Any

from weatherapp.api.schema import (
    ID,
    INTEGER,
    NUMBER,
    TEXT,
    TIME,
    Resource,
    field,
    list_of,
    maybe,
    of,
    one_of,
)
from weatherapp.domain.conditions import Aggregation, Basis, Comparison
from weatherapp.domain.quantities import BY_NAME

UNIT = "In the quantity's unit, which its name ends with; probabilities are 0 to 1."

SEEN_HOUR = Resource(
    "SeenHour",
    "An hour that was looked at.",
    (
        field("at", TIME, "The hour.", lambda pair: pair[0]),
        field("value", NUMBER, UNIT, lambda pair: pair[1]),
    ),
)

SEEN_CONDITION = Resource(
    "SeenCondition",
    "A condition of the rule, and what it saw.",
    (
        field("quantity", one_of(BY_NAME), "Which.", lambda seen: seen.quantity_name),
        field("basis", one_of(Basis), "Where the hours are from."),
        field("aggregation", one_of(Aggregation), "What was made of the hours."),
        field("comparison", one_of(Comparison), "Which side of the threshold raises."),
        field("hours", INTEGER, "Of how many hours.", lambda seen: seen.window_hours),
        field("value", maybe(NUMBER), f"What was made of them; null: no data. {UNIT}"),
        field("threshold", maybe(NUMBER), f"From which it holds. {UNIT}"),
        field("recovery_threshold", maybe(NUMBER), f"Until which it goes on. {UNIT}"),
        field("made_at", maybe(TIME), "As of when the data are."),
        field("source", TEXT, "Who said so."),
        field("model_name", TEXT, "Of a probability: which model."),
        field("model_version", TEXT, "Of a probability: its version."),
        field("seen", list_of(of(SEEN_HOUR)), "The hours.", lambda seen: seen.hours),
    ),
)


def _count(evidence: Any) -> Any:
    return evidence.rule_version or None


EVIDENCE = Resource(
    "Evidence",
    "What a decision saw. What an older release did not write is null or missing.",
    (
        field("rule_version", maybe(ID), "By which version of the rule.", _count),
        field("conditions", list_of(of(SEEN_CONDITION)), "In the rule's order."),
        field(
            "held_back_since_at", maybe(TIME), "Since when the alert was held back before; or null."
        ),
        field("gates", list_of(TEXT), "What held it back."),
    ),
)
