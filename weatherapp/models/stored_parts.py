"""What evidence holds of a probability's parts: see domain/probability_parts.py, which is written."""

from __future__ import annotations

from dataclasses import dataclass

from predictor.contract import LEAD_HOURS
from weatherapp.models.stored import as_share, read_list, read_object
from weatherapp.models.stored_blend import StoredBlend, parse_blend


@dataclass(frozen=True, slots=True)
class StoredParts:
    """The model's calibrated values, LEAD_HOURS of them; `blend` None: they are the site's."""

    hourly_probability: tuple[float, ...]
    probability_any_6h: float
    probability_any_24h: float
    blend: StoredBlend | None


def parse_parts(stored: object, row: str) -> StoredParts | None:
    """None where there are none, or not all of the model's values."""
    if stored is None:
        return None
    facts = read_object(stored, row)
    ours = [as_share(value) for value in read_list(facts.get("hourly_probability", []), row)]
    near, far = (
        as_share(facts.get(name)) for name in ("probability_any_6h", "probability_any_24h")
    )
    hourly = tuple(value for value in ours if value is not None)
    if len(hourly) != LEAD_HOURS or len(ours) != LEAD_HOURS or near is None or far is None:
        return None
    return StoredParts(hourly, near, far, parse_blend(facts.get("blend"), row))
