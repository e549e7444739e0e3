"""A place with all that is stored as JSON about it, in the form of some release."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.factories import NOON, make_alert, make_place, make_readings, make_rule
from tests.forecasting.source_runs import make_blended, make_run
from weatherapp.models import (
    Alert,
    AlertChange,
    PlaceCalibration,
    PredictionRequest,
    Ticket,
)

FIXTURES = Path(__file__).parent / "fixtures"
CURRENT, LAST, BEFORE = "2026-12", "2026-11", "before"  # newest first
LATER, BROKEN = "later", "broken"
RELEASES = (CURRENT, LAST, BEFORE, LATER, BROKEN)


def load(release: str) -> dict[str, Any]:
    """evidence, blend, window, source_columns, scalings."""
    stored: dict[str, Any] = json.loads((FIXTURES / f"{release}.json").read_text())
    return stored


def store_rows(release: str) -> Alert:
    """An open alert with its prediction, of which somebody asked."""
    stored = load(release)
    place = make_place(fetched_at=NOON)
    make_readings(place)
    make_run(place, columns=stored["source_columns"])
    prediction = make_blended(place, blend=stored["blend"])
    PredictionRequest.objects.filter(pk=prediction.request_id).update(window=stored["window"])
    Ticket.objects.create(request=prediction.request, created_at=NOON)
    alert = make_alert(make_rule(place), prediction=prediction, evidence=stored["evidence"])
    AlertChange.objects.filter(alert=alert).update(evidence=stored["evidence"])
    PlaceCalibration.objects.create(
        place=place,
        model_version="test",
        answers=3,
        learned_until_at=NOON,
        scalings=stored["scalings"],
        updated_at=NOON,
    )
    return alert
