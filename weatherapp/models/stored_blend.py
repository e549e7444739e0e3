"""What Prediction.blend holds: see forecasting/blending/with_source.py, which writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from predictor.contract import LEAD_HOURS
from weatherapp.models.stored import as_count, as_number, as_share, as_text, read_list, read_object

MOST_HOURS = 10_000_000  # scored; more than there will ever be


@dataclass(frozen=True, slots=True)
class StoredWeight:
    """What a band of lead times counted with; `hours` are those it was learned from."""

    first_lead_hours: int
    last_lead_hours: int | None
    intercept: float | None
    model: float | None
    source: float | None
    hours: int | None
    is_learned: bool


@dataclass(frozen=True, slots=True)
class StoredBlend:
    """`hourly_probability` is the source's, LEAD_HOURS values, None where it is unknown."""

    source: str
    issued_at: str
    hourly_probability: tuple[float | None, ...]
    weights: tuple[StoredWeight, ...]

    def peak_within(self, hours: int) -> float | None:
        """The source's likeliest among the next `hours`."""
        known = [value for value in self.hourly_probability[:hours] if value is not None]
        return max(known, default=None)


def parse_blend(stored: object, row: str) -> StoredBlend | None:
    """None where nothing was combined."""
    if stored is None:
        return None
    facts = read_object(stored, row)
    theirs = [as_share(value) for value in read_list(facts.get("hourly_probability", []), row)]
    return StoredBlend(
        source=as_text(facts.get("source")),
        issued_at=as_text(facts.get("issued_at")),
        hourly_probability=tuple([*theirs, *(None,) * LEAD_HOURS][:LEAD_HOURS]),
        weights=parse_weights(facts.get("weights"), row),
    )


def parse_weights(stored: object, row: str) -> tuple[StoredWeight, ...]:
    """Those that say of which lead times they are."""
    entries = read_list([] if stored is None else stored, row)
    weights = (_parse_weight(read_object(entry, row)) for entry in entries)
    return tuple(weight for weight in weights if weight is not None)


def _parse_weight(facts: Mapping[str, Any]) -> StoredWeight | None:
    first = as_count(facts.get("first_lead_hours"), LEAD_HOURS)
    if first is None:
        return None
    return StoredWeight(
        first_lead_hours=first,
        last_lead_hours=as_count(facts.get("last_lead_hours"), LEAD_HOURS),
        intercept=as_number(facts.get("intercept")),
        model=as_number(facts.get("model")),
        source=as_number(facts.get("source")),
        hours=as_count(facts.get("hours"), MOST_HOURS),
        is_learned=facts.get("is_learned") is True,
    )
