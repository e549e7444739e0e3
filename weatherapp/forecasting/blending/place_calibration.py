"""The model's answers, moved by what came of its earlier ones at their places: the blend's first step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from predictor import contract
from predictor.online_calibration import calibrate
from weatherapp.domain.rain import RainProbability
from weatherapp.models import PlaceCalibration

Said = tuple[int, datetime, contract.Answer]  # place id, the window's end, what the model says


def calibrate_answers(said: Sequence[Said]) -> list[RainProbability | None]:
    """None where nothing was learned of that version of a model there. One query."""
    rows = PlaceCalibration.objects.filter(
        place__in={place_id for place_id, _, _ in said},
        model_version__in={answer.model_version for _, _, answer in said},
        answers__gt=0,
    ).order_by()
    known = {(row.place_id, row.model_version): row for row in rows}
    return [
        _calibrate(row, answer) if (row := known.get((place_id, answer.model_version))) else None
        for place_id, _, answer in said
    ]


def _calibrate(row: PlaceCalibration, answer: contract.Answer) -> RainProbability:
    raw = (
        *answer.hourly_probability,
        answer.probability_any_6h,
        answer.probability_any_24h,
    )
    *hourly, any_6h, any_24h = calibrate(row.read_scalings(), raw)
    return RainProbability(hourly, any_6h, any_24h)
