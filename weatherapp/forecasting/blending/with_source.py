"""What new predictions are stored with beside the model's answers: calibrated, then blended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from weatherapp.domain.rain import RainProbability
from weatherapp.forecasting.blending.blend import blend_answer
from weatherapp.forecasting.blending.place_calibration import Said, calibrate_answers
from weatherapp.forecasting.blending.source_run import find_runs, list_probabilities
from weatherapp.forecasting.blending.weights import BandWeights, read_weights
from weatherapp.models import SourceForecast


def blend_with_sources(said: Sequence[Said], *, now: datetime) -> list[dict[str, Any]]:
    """Fields of a Prediction for each: none where nothing was learned and the source says nothing.

    A few queries, however many there are.
    """
    calibrated = calibrate_answers(said)
    runs = find_runs({place_id: end_at for place_id, end_at, _ in said}, now=now)
    weights = {source: read_weights(source) for source in {run.source for run in runs.values()}}
    fields = []
    for (place_id, end_at, answer), moved in zip(said, calibrated, strict=True):
        ours = moved or RainProbability(
            answer.hourly_probability, answer.probability_any_6h, answer.probability_any_24h
        )
        run = runs.get(place_id)
        blended = _blend(ours, end_at, run, weights[run.source]) if run else {}
        fields.append(blended | (_name_fields("calibrated", moved) if moved else {}))
    return fields


def _blend(
    ours: RainProbability,
    window_end_at: datetime,
    run: SourceForecast,
    known: Sequence[BandWeights],
) -> dict[str, Any]:
    """Empty where the source says nothing of these hours."""
    theirs = list_probabilities(run, window_end_at=window_end_at)
    if all(value is None for value in theirs):
        return {}
    blended = blend_answer(ours, theirs, {entry.band: entry.weights for entry in known})
    return {
        **_name_fields("blended", blended),
        "blend": {
            "source": run.source,
            "issued_at": run.run_at.isoformat(),
            "hourly_probability": theirs,
            "weights": [entry.to_json() for entry in known],
        },
    }


def _name_fields(step: str, probability: RainProbability) -> dict[str, Any]:
    return {
        f"{step}_hourly_probability": list(probability.hourly_probability),
        f"{step}_any_6h": probability.probability_any_6h,
        f"{step}_any_24h": probability.probability_any_24h,
    }
