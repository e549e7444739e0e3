"""Small functions that make rows, with defaults that are right for most tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from predictor import contract
from weatherapp.delivery.addresses import parse_address
from weatherapp.models import (
    Alert,
    AlertChange,
    AlertState,
    ChangeReason,
    Place,
    Prediction,
    PredictionRequest,
    Reading,
    RequestState,
    Rule,
    Scene,
    Subscription,
)

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
DRY = (0.05,) * 24


def make_place(**fields: Any) -> Place:
    defaults: dict[str, Any] = {
        "name": "Dublin",
        "latitude": 53.35,
        "longitude": -6.26,
        "time_zone": "Europe/Dublin",
        "source": "open_meteo",
    }
    return Place.objects.create(**(defaults | fields))


def make_scene(**fields: Any) -> Scene:
    defaults: dict[str, Any] = {
        "name": "andrea-2013",
        "title": "Tropical storm Andrea, New York, June 2013",
        "starts_at": NOON - timedelta(hours=72),
        "plays_until_at": NOON,
        "anchor_scene_at": NOON,
        "anchor_real_at": NOON,
    }
    return Scene.objects.create(**(defaults | fields))


def make_readings(
    place: Place, *, until: datetime = NOON, hours: int = 24, **values: float | None
) -> list[Reading]:
    """`hours` hourly readings, the last at `until`; `values` override the calm day's."""
    calm: dict[str, float | None] = {
        "temperature_c": 12.0,
        "dew_point_c": 9.0,
        "pressure_msl_hpa": 1012.0,
        "wind_speed_ms": 4.0,
        "wind_direction_deg": 220.0,
        "precipitation_mm": 0.0,
    }
    return [
        Reading.objects.create(
            place=place,
            observed_at=until - timedelta(hours=age),
            source=place.source_name,
            received_at=until,
            **(calm | values),
        )
        for age in reversed(range(hours))
    ]


def make_request(place: Place, **fields: Any) -> PredictionRequest:
    defaults: dict[str, Any] = {
        "window_end_at": NOON,
        "window": {},
        "created_at": NOON,
        "expires_at": NOON + timedelta(hours=1),
    }
    return PredictionRequest.objects.create(place=place, **(defaults | fields))


def make_prediction(place: Place, **fields: Any) -> Prediction:
    """An answered request and its prediction; by default a dry outlook."""
    window_end_at = fields.pop("window_end_at", NOON)
    request = make_request(
        place,
        window_end_at=window_end_at,
        created_at=window_end_at,
        state=RequestState.ANSWERED,
        finished_at=window_end_at,
    )
    defaults: dict[str, Any] = {
        "hourly_probability": list(DRY),
        "probability_any_6h": 0.2,
        "probability_any_24h": 0.4,
        "model_name": "rain_mini",
        "model_version": "test",
        "elapsed_ms": 1.0,
        "answered_at": window_end_at,
    }
    return Prediction.objects.create(
        request=request, place=place, window_end_at=window_end_at, **(defaults | fields)
    )


def make_rule(place: Place, **fields: Any) -> Rule:
    defaults: dict[str, Any] = {
        "name": "Rain soon",
        "window_hours": 6,
        "threshold": 0.6,
        "margin": 0.1,
    }
    return Rule.objects.create(place=place, **(defaults | fields))


def make_alert(rule: Rule, **fields: Any) -> Alert:
    """An alert with the change that raised it."""
    prediction = fields.pop("prediction", None)
    defaults: dict[str, Any] = {
        "state": AlertState.ACTIVE,
        "raised_at": NOON,
        "confirmed_at": NOON,
        "probability": 0.7,
        "peak_probability": 0.7,
    }
    alert = Alert.objects.create(rule=rule, place=rule.place, **(defaults | fields))
    AlertChange.objects.create(
        alert=alert,
        new_state=AlertState.ACTIVE,
        reason=ChangeReason.REACHED,
        changed_at=alert.raised_at,
        created_at=alert.raised_at,
        prediction=prediction,
        evidence={
            "probability": alert.probability,
            "threshold": rule.threshold,
            "margin": rule.margin,
            "window_hours": rule.window_hours,
            "window_end_at": alert.raised_at.isoformat(),
            "model_name": "rain_mini",
            "model_version": "test",
            "prediction_id": prediction.pk if prediction else None,
            "request_id": str(prediction.request_id) if prediction else None,
        },
    )
    return alert


def make_subscription(place: Place, **fields: Any) -> Subscription:
    """A confirmed one."""
    defaults: dict[str, Any] = {
        "email": "reader@example.org",
        "created_at": NOON,
        "confirmed_at": NOON,
    }
    fields = defaults | fields
    key = parse_address(fields["email"]).key
    return Subscription.objects.create(place=place, email_key=key, **fields)


def make_answer(**fields: Any) -> dict[str, Any]:
    """The predictor's message for an answered request."""
    defaults: dict[str, Any] = {
        "hourly_probability": DRY,
        "probability_any_6h": 0.2,
        "probability_any_24h": 0.4,
        "model_name": "rain_mini",
        "model_version": "test",
        "elapsed_ms": 1.0,
    }
    return contract.Answer(**(defaults | fields)).to_wire()
