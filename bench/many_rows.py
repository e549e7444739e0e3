"""Many places in a storm, stored in bulk: what the pages are held against."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from tests.factories import make_evidence, make_rule, storm_gusts
from weatherapp.models import (
    Alert,
    AlertChange,
    Place,
    Prediction,
    PredictionRequest,
    Reading,
    RequestState,
    Rule,
    SourceForecast,
)

HOUR = timedelta(hours=1)
SEVERITIES = ("Moderate", "Severe", "Extreme", "Minor")
ALERTS_A_PLACE = 4
BATCH = 500


def store_storm(*, places: int, alerts: int, now: datetime) -> None:
    """Every place has a day's readings, a forecast and a prediction; the first have alerts."""
    rows = Place.objects.bulk_create(
        [
            Place(
                name=f"Place {number:05}",
                latitude=50 + number % 100 / 10,
                longitude=number % 360 - 180,
                time_zone="Europe/Berlin",
                source="open_meteo",
                fetched_at=now - timedelta(minutes=number % 60),
            )
            for number in range(places)
        ],
        batch_size=BATCH,
    )
    _tell_the_planner_of_places()
    hour_at = now.replace(minute=0, second=0, microsecond=0)
    _store_weather(rows, hour_at)
    _store_predictions(rows, hour_at)
    _store_alerts(rows, alerts, hour_at)


def _tell_the_planner_of_places() -> None:
    """PostgreSQL keeps its plan of looking for a row's place from when a session used it first:
    made over the few places of a moment ago, it reads all of them for each row that follows."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE weatherapp_place")


def _store_weather(places: Sequence[Place], hour_at: datetime) -> None:
    Reading.objects.bulk_create(
        (
            Reading(
                place=place, observed_at=hour_at - age * HOUR, source="open_meteo",
                received_at=hour_at, temperature_c=12.0, pressure_msl_hpa=1000.0 + age,
                wind_speed_ms=14.0, precipitation_mm=1.5,
            )
            for place in places
            for age in range(4)
        ),
        batch_size=BATCH,
    )  # fmt: skip
    columns = {"temperature_c": [9.5] * 48, "wind_gust_ms": [31.0] * 48, "weather_code": [95] * 48}
    SourceForecast.objects.bulk_create(
        (
            SourceForecast(
                place=place, hour_at=hour_at, received_at=hour_at, source="open_meteo",
                first_at=hour_at + HOUR, columns=columns,
            )
            for place in places
        ),
        batch_size=BATCH,
    )  # fmt: skip


def _store_predictions(places: Sequence[Place], hour_at: datetime) -> None:
    requests = PredictionRequest.objects.bulk_create(
        [
            PredictionRequest(
                place=place, window_end_at=hour_at, window={}, created_at=hour_at,
                expires_at=hour_at + HOUR, state=RequestState.ANSWERED, finished_at=hour_at,
            )
            for place in places
        ],
        batch_size=BATCH,
    )  # fmt: skip
    Prediction.objects.bulk_create(
        (
            Prediction(
                request=request, place=request.place, window_end_at=hour_at,
                hourly_probability=[0.1, 0.3, 0.5, 0.7, *(0.4,) * 20], probability_any_6h=0.8,
                probability_any_24h=0.95, model_name="rain_mini", model_version="bench",
                elapsed_ms=1.0, answered_at=hour_at,
            )
            for request in requests
        ),
        batch_size=BATCH,
    )  # fmt: skip


def _store_alerts(places: Sequence[Place], count: int, hour_at: datetime) -> None:
    says = storm_gusts()
    rules = [make_rule(says=says, name=f"Storm gusts {n}") for n in range(ALERTS_A_PLACE)]
    pairs = [(rules[n % ALERTS_A_PLACE], places[n // ALERTS_A_PLACE]) for n in range(count)]
    evidence = make_evidence(31.0, says)
    rows = Alert.objects.bulk_create(
        [
            Alert(
                rule=rule, place=place, since_at=hour_at, severity=SEVERITIES[number % 3],
                peak_severity=SEVERITIES[number % 3], certainty="Likely", raised_at=hour_at,
                onset_at=hour_at + HOUR, ends_at=hour_at + 9 * HOUR, confirmed_at=hour_at,
                confirmed_until_at=hour_at + 12 * HOUR, evidence=evidence,
            )
            for number, (rule, place) in enumerate(pairs)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    _store_changes(rows, {rule.pk: rule for rule in rules}, evidence)


def _store_changes(alerts: Sequence[Alert], rules: dict[int, Rule], evidence: dict) -> None:
    versions = {pk: rule.versions.get() for pk, rule in rules.items()}
    AlertChange.objects.bulk_create(
        (
            AlertChange(
                alert=alert, new_state=alert.state, reason="RAISED", severity=alert.severity,
                onset_at=alert.onset_at, ends_at=alert.ends_at, changed_at=alert.raised_at,
                created_at=alert.raised_at, rule_version=versions[alert.rule_id],
                evidence=evidence,
            )
            for alert in alerts
        ),
        batch_size=BATCH,
    )  # fmt: skip
