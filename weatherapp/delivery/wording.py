"""A change of an alert as the mails' templates say it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from weatherapp.models import AlertChange, ChangeReason, Place, Scene, SourceName
from weatherapp.models.evidence import StoredEvidence, StoredParts


def describe_change(change: AlertChange) -> dict[str, Any]:
    """Everything a template needs; None or empty where the decision did not know."""
    alert = change.alert
    return {
        "alert": alert,
        "change": change,
        "place": alert.place,
        "rule": alert.rule,
        "scene": scene_of(alert.place),
        "peak": percent(alert.peak_probability),
        "is_switched_off": change.reason == ChangeReason.RULE_OFF,
    } | _describe_evidence(change.read_evidence())


def scene_of(place: Place) -> Scene | None:
    """The replay that the place's weather comes from."""
    return Scene.objects.first() if place.is_replay else None


def percent(share: float | None) -> str | None:
    """0.72 -> "72 %"; a decimal where it says something, so that 59.6 is not read as 60."""
    return None if share is None else f"{100 * share:.1f}".removesuffix(".0") + " %"


def _describe_evidence(evidence: StoredEvidence) -> dict[str, Any]:
    starts_at, hours = evidence.window_end_at, evidence.window_hours
    return {
        "probability": percent(evidence.probability),
        "threshold": percent(evidence.threshold),
        "ends_below": percent(evidence.clears_below),
        "hours": hours,
        "starts_at": starts_at,
        "until_at": starts_at + timedelta(hours=hours) if starts_at and hours else None,
        "model_name": evidence.model_name,
        "model_version": evidence.model_version,
    } | _describe_parts(evidence.parts)


def _describe_parts(parts: StoredParts | None) -> dict[str, Any]:
    """What the model's probability was combined with; empty where it stands alone."""
    if parts is None or parts.source_peak_probability is None or parts.model_probability is None:
        return {}
    is_known = parts.source in SourceName.values
    return {
        "source_name": SourceName(parts.source).label if is_known else parts.source,
        "model_probability": percent(parts.model_probability),
        "source_peak": percent(parts.source_peak_probability),
    }
