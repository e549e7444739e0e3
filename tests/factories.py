"""Small functions that make rows, with defaults that are right for most tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from predictor import contract
from weatherapp.alerting.engine import wire
from weatherapp.alerting.engine.rule import Rule as EngineRule
from weatherapp.alerting.rulebook import save_version
from weatherapp.delivery.addresses import parse_address
from weatherapp.domain.cap import Severity
from weatherapp.domain.conditions import Aggregation, Basis, Comparison, Condition, Level
from weatherapp.domain.hazards import find_hazard
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
    RuleScope,
    Scene,
    SourceForecast,
    Subscription,
    Tag,
)
from weatherapp.models.evidence import parse_evidence

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
    return Reading.objects.bulk_create(
        Reading(
            place=place,
            observed_at=until - timedelta(hours=age),
            source=place.source_name,
            received_at=until,
            **(calm | values),
        )
        for age in reversed(range(hours))
    )


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


def rain_soon(hours: int = 6, *, threshold: float = 0.6, recovery: float = 0.5) -> EngineRule:
    """P(any rain within `hours`)."""
    level = Level(Severity.MINOR, threshold, recovery)
    return EngineRule(
        (
            Condition(
                "precipitation_probability",
                Basis.PROBABILITY,
                hours,
                Aggregation.ANY_WET,
                Comparison.AT_LEAST,
                (level,),
            ),
        )
    )


def storm_gusts(hours: int = 12, *, basis: Basis = Basis.FORECAST) -> EngineRule:
    """Gusts of 18 m/s are moderate, of 29 severe; each is left 3 m/s lower."""
    levels = (Level(Severity.MODERATE, 18.0, 15.0), Level(Severity.SEVERE, 29.0, 26.0))
    return EngineRule(
        (
            Condition(
                "wind_gust_ms",
                basis,
                hours,
                Aggregation.MAXIMUM,
                Comparison.AT_LEAST,
                levels,
            ),
        )
    )


def make_rule(
    *places: Place, says: EngineRule | None = None, tags: tuple[Tag, ...] = (), **fields: Any
) -> Rule:
    """A rule with one version: for `places`, for those with `tags`, or for all."""
    scope = RuleScope.PLACES if places else RuleScope.TAGS if tags else RuleScope.ALL
    rule = Rule.objects.create(**({"name": "Rain soon", "scope": scope} | fields))
    rule.places.set(places)
    rule.tags.set(tags)
    save_version(rule, says or rain_soon(), now=NOON)
    return rule


def make_forecast(
    place: Place, *, hour_at: datetime = NOON, **columns: list[float | None]
) -> SourceForecast:
    """A run whose columns begin an hour after `hour_at`."""
    return SourceForecast.objects.create(
        place=place,
        source=place.source_name,
        hour_at=hour_at,
        received_at=hour_at,
        first_at=hour_at + timedelta(hours=1),
        columns=columns,
    )


def make_evidence(value: float | None = 0.7, says: EngineRule | None = None, **more: Any) -> Any:
    """As alerting/evidence.py writes it, of the rule's first condition."""
    (condition, *_) = (says or rain_soon()).conditions
    level = condition.levels[0]
    return {
        "version": 1,
        "rule_version": 1,
        "conditions": [
            {
                "quantity": condition.quantity_name,
                "basis": condition.basis.value,
                "aggregation": condition.aggregation.value,
                "comparison": condition.comparison.value,
                "hours": condition.hours,
                "value": value,
                "threshold": level.threshold,
                "recovery_threshold": level.recovery_threshold,
                "made_at": NOON.isoformat(),
                "source": "open_meteo",
                "seen": [],
                "model_name": "rain_mini",
                "model_version": "test",
            }
            | more
        ],
        "held_back_since_at": None,
        "gates": [],
    }


def make_alert(rule: Rule, place: Place | None = None, **fields: Any) -> Alert:
    """An alert with the change that raised it, at `place` or the rule's only one."""
    place = place or rule.places.get()
    version = rule.versions.latest()
    prediction = fields.pop("prediction", None)
    says = wire.from_json(version.definition)
    evidence = fields.pop("evidence", None) or make_evidence(says=says)
    raised_at = fields.get("raised_at", NOON)
    severity = fields.get("severity", says.severities[0].value)
    defaults: dict[str, Any] = {
        "state": AlertState.FIRING,
        "since_at": raised_at,
        "severity": severity,
        "peak_severity": severity,
        "certainty": "Likely",
        "raised_at": raised_at,
        "onset_at": raised_at,
        "ends_at": raised_at + timedelta(hours=6),
        "told_ends_at": raised_at + timedelta(hours=6),
        "confirmed_at": raised_at,
        "confirmed_until_at": raised_at + timedelta(hours=6),
        "evidence": evidence,
        "check_at": raised_at + timedelta(hours=6),
        "hazard": find_hazard(says.conditions, Severity(severity), _list_codes(evidence)).value,
    }
    alert = Alert.objects.create(rule=rule, place=place, **(defaults | fields))
    AlertChange.objects.create(
        alert=alert,
        new_state=AlertState.FIRING,
        reason=ChangeReason.RAISED,
        severity=severity,
        onset_at=alert.onset_at,
        ends_at=alert.ends_at,
        changed_at=alert.raised_at,
        created_at=alert.raised_at,
        rule_version=version,
        prediction=prediction,
        evidence=evidence,
    )
    return alert


def _list_codes(evidence: Any) -> list[int]:
    leading = parse_evidence(evidence, "a test's").leading
    return leading.codes if leading else []


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
