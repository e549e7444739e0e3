"""What the site's probabilities were made of: the model's, calibrated, and what moved them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ProbabilityParts:
    """The model's, calibrated; `blend` as a prediction stores it, None where they are the site's."""

    hourly_probability: Sequence[float]
    probability_any_6h: float
    probability_any_24h: float
    blend: Mapping[str, Any] | None

    def to_json(self) -> dict[str, Any]:
        """Enough to blend again."""
        return {
            "hourly_probability": list(self.hourly_probability),
            "probability_any_6h": self.probability_any_6h,
            "probability_any_24h": self.probability_any_24h,
            "blend": self.blend,
        }
