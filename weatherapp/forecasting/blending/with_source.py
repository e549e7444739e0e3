"""What new predictions are stored with when the source has said something too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from predictor import contract
from weatherapp.forecasting.blending.blend import blend_answer
from weatherapp.forecasting.blending.source_run import find_runs, list_probabilities
from weatherapp.forecasting.blending.weights import BandWeights, read_weights
from weatherapp.models import SourceForecast

Said = tuple[int, datetime, contract.Answer]  # place id, the window's end, what the model says


def blend_with_sources(said: Sequence[Said], *, now: datetime) -> list[dict[str, Any]]:
    """Fields of a Prediction for each; none where the source says nothing of its hours.

    A few queries, however many there are.
    """
    runs = find_runs({place_id: end_at for place_id, end_at, _ in said}, now=now)
    weights = {source: read_weights(source) for source in {run.source for run in runs.values()}}
    return [
        _blend(answer, end_at, runs[place_id], weights[runs[place_id].source])
        if place_id in runs
        else {}
        for place_id, end_at, answer in said
    ]


def _blend(
    answer: contract.Answer,
    window_end_at: datetime,
    run: SourceForecast,
    known: Sequence[BandWeights],
) -> dict[str, Any]:
    theirs = list_probabilities(run, window_end_at=window_end_at)
    if all(value is None for value in theirs):
        return {}
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
