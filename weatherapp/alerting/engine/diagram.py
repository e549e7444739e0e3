"""The state diagram, found by walking through the engine: a drawing that cannot lie."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import product

from weatherapp.alerting.engine.decide import decide
from weatherapp.alerting.engine.facts import Facts, Forecast
from weatherapp.alerting.engine.rule import NoDataPolicy, Rule
from weatherapp.alerting.engine.snapshot import Reason, Snapshot, State
from weatherapp.alerting.engine.transition import Transition
from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import Aggregation, Basis, Comparison, Condition, Level
from weatherapp.domain.series import Series
from weatherapp.domain.spans import HOUR

STEPS = 4  # hours that a walk lasts: every state and reason is reached by then
START_AT = datetime(2026, 1, 1, tzinfo=UTC)
# Calm, the lower level, the higher one; None: no facts.
GUSTS_MS = (None, 0.0, 20.0, 30.0)
# What ends an alert whatever the weather is decided by an operator, not by facts.
BY_HAND = (Reason.RULE_OFF, Reason.PLACE_OFF, Reason.CANCELLED)
WORDS = {"PENDING": "holds, held back", "NORMAL": "holds no longer", "REARMING": "must wait"}


@dataclass(frozen=True, slots=True, order=True)
class Arrow:
    old_state: str
    new_state: str
    label: str


@cache
def find_arrows() -> list[Arrow]:
    """Every step between two states that some facts can cause, in a fixed order."""
    found = {arrow for rule in _rules() for arrow in _walk(rule, Snapshot())}
    for state in (State.FIRING, State.RECOVERING, State.NO_DATA):
        for reason in BY_HAND:
            end = State.CANCELLED if reason is Reason.CANCELLED else State.ENDED
            found.add(Arrow(state.value, end.value, reason.value))
    return sorted(found)


def draw() -> str:
    """Mermaid's text."""
    lines = ["stateDiagram-v2", "    [*] --> NORMAL"]
    labels: dict[tuple[str, str], list[str]] = {}
    for arrow in find_arrows():
        labels.setdefault((arrow.old_state, arrow.new_state), []).append(arrow.label)
    for (old, new), words in labels.items():
        lines.append(f"    {old} --> {new}: {', '.join(words)}")
    lines += [f"    {state} --> [*]" for state in ("ENDED", "EXPIRED", "CANCELLED")]
    return "\n".join(lines) + "\n"


def _rules() -> Iterator[Rule]:
    levels = (Level(Severity.MODERATE, 18.0, 15.0), Level(Severity.SEVERE, 29.0, 26.0))
    condition = Condition(
        "wind_gust_ms", Basis.FORECAST, 2, Aggregation.MAXIMUM, Comparison.AT_LEAST, levels
    )
    for pending, keep, rearm, policy in product((1, 2), (0, 60), (0, 60), NoDataPolicy):
        yield Rule(
            (condition,),
            pending_evaluations=pending,
            keep_firing_minutes=keep,
            rearm_minutes=rearm,
            no_data_policy=policy,
        )


def _walk(rule: Rule, snapshot: Snapshot, step: int = 0) -> Iterator[Arrow]:
    """All arrows of all walks from here on."""
    if step == STEPS:
        return
    now = START_AT + step * HOUR
    for gust_ms in GUSTS_MS:
        transition = decide(rule, _make_facts(gust_ms, now), snapshot, now)
        if transition is not None:
            yield from _read_arrows(snapshot, transition)
        yield from _walk(rule, transition.snapshot if transition else snapshot, step + 1)


def _make_facts(gust_ms: float | None, now: datetime) -> Facts:
    if gust_ms is None:
        return Facts()
    return Facts(forecast=Forecast(Series(now + HOUR, {"wind_gust_ms": [gust_ms] * 2}), now))


def _read_arrows(before: Snapshot, transition: Transition) -> Iterator[Arrow]:
    change, after = transition.change, transition.snapshot
    if change is not None:
        old = before.state if change.reason is Reason.RAISED else change.old_state
        yield Arrow(old.value, change.new_state.value, change.reason.value)
        if after.state is State.REARMING:
            yield Arrow(change.new_state.value, after.state.value, WORDS["REARMING"])
    elif before.state is not after.state:
        yield Arrow(before.state.value, after.state.value, WORDS[after.state.value])
