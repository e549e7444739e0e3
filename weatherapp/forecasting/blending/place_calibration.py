"""What a place's own misses taught: the lines in force, and what an answer was before its lines."""

from __future__ import annotations

from collections.abc import Sequence

from predictor import contract
from predictor.recalibration import to_log_odds, undo
from weatherapp.models import Place, PlaceCalibration, Prediction

DECIMALS = 4  # of a log-odds: a hundredth of a percent; every window is kept with its lines


def read_recalibration(place: Place) -> contract.Recalibration | None:
    """As read_recalibrations, of one."""
    return read_recalibrations([place]).get(place.pk)


def read_recalibrations(places: Sequence[Place]) -> dict[int, contract.Recalibration]:
    """By place id what is sent with their next windows; of those whose answers were learned from."""
    rows = PlaceCalibration.objects.filter(place__in=places, answers__gt=0).order_by()
    return {row.place_id: _read(row) for row in rows}


def _read(row: PlaceCalibration) -> contract.Recalibration:
    lines = tuple(
        (round(line.intercept, DECIMALS), round(line.slope, DECIMALS)) for line in row.read_lines()
    )
    return contract.Recalibration(row.model_version, lines)


def read_applied(prediction: Prediction) -> contract.Recalibration | None:
    """What moved the answer; None where it is the model's own. Reads the request.

    None, too, of an answer that is older than this contract: its lines were for other targets.
    """
    try:
        sent = contract.parse_recalibration(prediction.read_window().recalibration)
    except contract.ContractError:
        return None
    return sent if sent and sent.model_version == prediction.model_version else None


def read_own_log_odds(prediction: Prediction) -> list[float]:
    """What the model alone said: each hour, any of 6, any of 24. Reads the request."""
    said = [
        *prediction.hourly_probability,
        prediction.probability_any_6h,
        prediction.probability_any_24h,
    ]
    applied = read_applied(prediction)
    return undo(said, applied.lines) if applied else [to_log_odds(value) for value in said]
