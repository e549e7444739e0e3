"""What a rule says of a probability. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

# Probabilities are compared as people read them: 0.6 - 0.1 must be 0.5, not 0.5 - 1e-17.
_TOLERANCE = 1e-9


class Verdict(StrEnum):
    RAISE = "RAISE"  # at the threshold or above
    HOLD = "HOLD"  # inside the margin: what is raised stays, what is quiet stays quiet
    CLEAR = "CLEAR"  # below the margin
    NO_DATA = "NO_DATA"  # not the same as no rain


@dataclass(frozen=True, slots=True)
class Threshold:
    """Raise at `limit` or above; clear only below `limit - margin`. All 0..1."""

    limit: float
    margin: float = 0.0

    @property
    def clears_below(self) -> float:
        return max(self.limit - self.margin, 0.0)


def judge(probability: float | None, threshold: Threshold) -> Verdict:
    """`probability` None: there is no fresh prediction."""
    if probability is None:
        return Verdict.NO_DATA
    if probability >= threshold.limit - _TOLERANCE:
        return Verdict.RAISE
    if probability >= threshold.clears_below - _TOLERANCE:
        return Verdict.HOLD
    return Verdict.CLEAR
