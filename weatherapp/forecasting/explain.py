"""A combined probability and its parts, for those who show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from weatherapp.forecasting.weights import HOURS_NEEDED
from weatherapp.models import Prediction, SourceName


@dataclass(frozen=True, slots=True)
class Parts:
    """P(any wet hour among the next `window_hours`) and what it is made of, 0..1 each.

    Sources give a probability for each hour and none for any of several: `source_peak` is that of
    its likeliest hour. `hours` is how many observed hours the weights were learned from, or are
    there to learn from so far: those of the band that has fewest.
    """

    window_hours: int
    site: float
    model: float
    source_name: str
    source_peak: float
    hours: int
    is_learned: bool

    @property
    def weights_words(self) -> str:
        if self.is_learned:
            return f"weights learned from {self.hours} hours"
        return f"default weights until {HOURS_NEEDED} hours are scored ({self.hours} so far)"


def name_parts(prediction: Prediction, window_hours: int) -> Parts | None:
    """None where the model's probability is the site's."""
    if prediction.combination is None:
        return None
    return _make_parts(
        window_hours,
        site=prediction.probability_within(window_hours),
        model=prediction.model_probability_within(window_hours),
        source=prediction.combination["source"],
        source_peak=prediction.source_peak_within(window_hours),
        weights=prediction.combination["weights"],
    )


def read_parts(evidence: Mapping[str, Any]) -> Parts | None:
    """As name_parts, of what an AlertChange keeps."""
    stored = evidence.get("parts")
    if not stored:
        return None
    return _make_parts(
        evidence["window_hours"],
        site=evidence["probability"],
        model=stored["model_probability"],
        source=stored["source"],
        source_peak=stored["source_peak_probability"],
        weights=stored["weights"],
    )


def _make_parts(
    window_hours: int,
    *,
    site: float,
    model: float,
    source: str,
    source_peak: float | None,
    weights: Sequence[Mapping[str, Any]],
) -> Parts | None:
    if source_peak is None:  # it says something only of later hours
        return None
    used = [entry for entry in weights if entry["first_lead_hours"] <= window_hours]
    return Parts(
        window_hours=window_hours,
        site=site,
        model=model,
        source_name=SourceName(source).label if source in SourceName.values else source,
        source_peak=source_peak,
        hours=min(entry["hours"] for entry in used),
        is_learned=all(entry["is_learned"] for entry in used),
    )
