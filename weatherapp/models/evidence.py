"""What AlertChange.evidence holds: see alerting/history.py, which writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from predictor.contract import LEAD_HOURS
from weatherapp.models.combination import StoredWeight, parse_weights
from weatherapp.models.stored import as_count, as_share, as_text, as_time, read_object


@dataclass(frozen=True, slots=True)
class StoredParts:
    """What the probability was combined from."""

    model_probability: float | None
    source: str
    source_peak_probability: float | None
    weights: tuple[StoredWeight, ...]


@dataclass(frozen=True, slots=True)
class StoredEvidence:
    """What a decision saw; None or "" where it is unknown."""

    probability: float | None
    threshold: float | None
    margin: float | None
    window_hours: int | None
    window_end_at: datetime | None
    model_name: str
    model_version: str
    request_id: str
    parts: StoredParts | None

    @property
    def clears_below(self) -> float | None:
        """The probability below which the rule ends an alert."""
        if self.threshold is None or self.margin is None:
            return None
        return max(self.threshold - self.margin, 0.0)


def parse_evidence(stored: object, row: str) -> StoredEvidence:
    """`row` names it in the log, where it cannot be read at all."""
    facts = read_object(stored, row)
    return StoredEvidence(
        probability=as_share(facts.get("probability")),
        threshold=as_share(facts.get("threshold")),
        margin=as_share(facts.get("margin")),
        window_hours=as_count(facts.get("window_hours"), LEAD_HOURS) or None,
        window_end_at=as_time(facts.get("window_end_at")),
        model_name=as_text(facts.get("model_name")),
        model_version=as_text(facts.get("model_version")),
        request_id=as_text(facts.get("request_id")),
        parts=_parse_parts(facts.get("parts"), row),
    )


def _parse_parts(stored: object, row: str) -> StoredParts | None:
    if stored is None:
        return None
    facts = read_object(stored, row)
    return StoredParts(
        model_probability=as_share(facts.get("model_probability")),
        source=as_text(facts.get("source")),
        source_peak_probability=as_share(facts.get("source_peak_probability")),
        weights=parse_weights(facts.get("weights"), row),
    )
