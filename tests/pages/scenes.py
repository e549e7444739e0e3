"""Sites in the states that a reader may find them in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.factories import (
    NOON,
    make_alert,
    make_place,
    make_prediction,
    make_readings,
    make_request,
    make_rule,
    make_scene,
)
from weatherapp.domain.source_problem import SourceProblem
from weatherapp.models import (
    Alert,
    AlertChange,
    AlertState,
    ChangeReason,
    Place,
    PredictionRequest,
    RequestState,
    Rule,
    SourceForecast,
)

HOUR = timedelta(hours=1)
STORM = datetime(2013, 6, 7, 22, 20, tzinfo=UTC)
STORM_HOUR = STORM.replace(minute=0)
RISING = (0.1, 0.2, 0.3, 0.5, 0.6, 0.4, *(0.2,) * 18)


def make_live_place(**fields) -> Place:
    """Open-Meteo, all fresh, with a forecast of the source's own."""
    place = make_place(fetched_at=NOON - timedelta(minutes=5), **fields)
    make_readings(place)
    make_prediction(
        place, hourly_probability=list(RISING), probability_any_6h=0.72, probability_any_24h=0.88
    )
    SourceForecast.objects.create(
        place=place,
        hour_at=NOON,
        received_at=NOON,
        source="open_meteo",
        first_at=NOON + HOUR,
        columns={
            "precipitation_mm": [0.4] * 48,
            "precipitation_probability": [0.35] * 48,
            "temperature_c": [9.5] * 48,
            "wind_speed_ms": [5.0] * 48,
            "weather_code": [61] * 48,
        },
    )
    return place


def make_replay_place() -> Place:
    """A storm of 2013, seen at NOON of 2026."""
    make_scene(anchor_scene_at=STORM, anchor_real_at=NOON)
    place = make_place(
        name="Newark",
        latitude=40.69,
        longitude=-74.17,
        time_zone="America/New_York",
        source="replay",
        station="EWR",
        fetched_at=NOON - timedelta(minutes=18),
    )
    make_readings(place, until=STORM_HOUR, precipitation_mm=2.5)
    make_prediction(
        place,
        window_end_at=STORM_HOUR,
        answered_at=NOON - timedelta(minutes=17),
        probability_any_6h=0.9,
    )
    return place


def make_raised_rule(place: Place, *, at: datetime = NOON, **fields) -> Alert:
    """An alert of three hours ago that the newest facts confirm, for three hours more."""
    return make_alert(
        make_rule(place, **fields),
        raised_at=at - 3 * HOUR,
        confirmed_at=at,
        ends_at=at + 3 * HOUR,
        confirmed_until_at=at + 3 * HOUR,
    )


def make_silent_place(**fields) -> Place:
    """The predictor stopped answering five hours ago; the stored state of its rule is older."""
    place = make_place(**({"name": "Riga", "time_zone": "Europe/Riga"} | fields))
    make_readings(place)
    answered = make_prediction(place, window_end_at=NOON - 5 * HOUR).request
    PredictionRequest.objects.filter(pk=answered.pk).update(created_at=NOON - 5 * HOUR)
    make_request(
        place,
        state=RequestState.EXPIRED,
        created_at=NOON - HOUR,
        expires_at=NOON - timedelta(minutes=10),
    )
    make_rule(place)
    return place


def make_refused_place() -> Place:
    place = make_place(name="Kathmandu", time_zone="Asia/Kathmandu")
    make_request(
        place,
        state=RequestState.REFUSED,
        error="ArtefactError",
        error_message="saved_model.pb was <altered>.",
        created_at=NOON - timedelta(minutes=4),
        finished_at=NOON,
    )
    make_rule(place)
    return place


def make_failing_place() -> Place:
    """Its last fetches failed; what was fetched before is two hours old."""
    place = make_place(
        name="Cork",
        fetched_at=NOON - 2 * HOUR,
        fetch_failed_at=NOON - timedelta(minutes=12),
        fetch_error="Open-Meteo did not answer within 20 seconds.",
        fetch_problem=SourceProblem.TOO_SLOW,
        fetch_failures=4,
    )
    make_readings(place, until=NOON - 2 * HOUR)
    return place


def add_change(
    alert: Alert,
    reason: ChangeReason,
    *,
    state: str = AlertState.FIRING,
    value: float | None = 0.8,
    **fields,
) -> AlertChange:
    """An hour after the last one; `value` is what its first condition saw."""
    before = alert.changes.latest("pk")
    seen = before.evidence["conditions"][0] | {"value": value}
    usual = {
        "old_state": before.new_state,
        "new_state": state,
        "reason": reason,
        "severity": before.severity,
        "onset_at": before.onset_at,
        "ends_at": before.ends_at,
        "changed_at": before.changed_at + HOUR,
        "created_at": before.created_at + HOUR,
        "rule_version": before.rule_version,
        "evidence": before.evidence | {"conditions": [seen]},
    }
    return AlertChange.objects.create(alert=alert, **(usual | fields))


def end_alert(
    rule: Rule,
    *,
    state: str = AlertState.ENDED,
    reason: ChangeReason = ChangeReason.CLEARED,
    **fields,
) -> Alert:
    """An alert that is over."""
    ended_at = NOON - 2 * HOUR
    alert = make_alert(
        rule, **({"raised_at": NOON - 9 * HOUR, "state": state, "ended_at": ended_at} | fields)
    )
    add_change(alert, reason, state=state, value=0.2, changed_at=ended_at)
    return alert
