"""What a new prediction is stored with when the source has said something too."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from predictor import contract
from weatherapp.forecasting.blending.blend import blend_answer
from weatherapp.forecasting.blending.source_run import find_run, list_probabilities
from weatherapp.forecasting.blending.weights import read_weights


def blend_with_source(
    answer: contract.Answer, *, place_id: int, window_end_at: datetime, now: datetime
) -> dict[str, Any]:
    """Fields of a Prediction; none where the source says nothing of its hours."""
    run = find_run(place_id, window_end_at=window_end_at, now=now)
    theirs = list_probabilities(run, window_end_at=window_end_at) if run else []
    if run is None or all(value is None for value in theirs):
        return {}
    known = read_weights(run.source)
    blended = blend_answer(answer, theirs, {entry.band: entry.weights for entry in known})
    return {
        "blended_hourly_probability": list(blended.hourly_probability),
        "blended_any_6h": blended.probability_any_6h,
        "blended_any_24h": blended.probability_any_24h,
        "blend": {
            "source": run.source,
            "issued_at": run.run_at.isoformat(),
            "hourly_probability": theirs,
            "weights": [entry.to_json() for entry in known],
        },
    }
