"""What was asked of the predictor, and what it answered."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models

from weatherapp import rain
from weatherapp.models.place import Place


class RequestState(models.TextChoices):
    WAITING = "WAITING", "waiting for the predictor"
    ANSWERED = "ANSWERED", "answered"
    REFUSED = "REFUSED", "refused"
    EXPIRED = "EXPIRED", "not answered in time"


class RequestOrigin(models.TextChoices):
    SCHEDULE = "SCHEDULE", "hourly schedule"
    PERSON = "PERSON", "a person"


class PredictionRequest(models.Model):
    """One question to the predictor; the row is the truth, the queue only carries it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="prediction_requests")
    window_end_at = models.DateTimeField(
        help_text="Last hour of the readings sent (place's clock)."
    )
    window = models.JSONField(help_text="The message as it was sent: see predictor/contract.py.")
    origin = models.CharField(
        max_length=10, choices=RequestOrigin.choices, default=RequestOrigin.SCHEDULE
    )
    state = models.CharField(
        max_length=10, choices=RequestState.choices, default=RequestState.WAITING
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(
        null=True, blank=True, help_text="When the queue took it; empty: it is still to be sent."
    )
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=80, blank=True, help_text="Name of the error, if refused.")
    error_message = models.TextField(blank=True)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "window_end_at"],
                condition=models.Q(state__in=["WAITING", "ANSWERED"]),
                name="one_live_request_an_hour",
            )
        ]
        indexes = [models.Index(fields=["state", "expires_at"], name="request_overdue")]

    def __str__(self) -> str:
        return f"{self.place_id} {self.window_end_at:%Y-%m-%d %H:%M} {self.state}"


class Prediction(models.Model):
    """The predictor's answer: P(precipitation >= 0.1 mm) after `window_end_at`."""

    request = models.OneToOneField(
        PredictionRequest, on_delete=models.CASCADE, related_name="prediction"
    )
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="predictions")
    window_end_at = models.DateTimeField(help_text="Hour 1 of the prediction ends an hour later.")
    hourly_probability = models.JSONField(help_text="24 values 0..1, hour 1 first.")
    probability_any_6h = models.FloatField()
    probability_any_24h = models.FloatField()
    model_name = models.CharField(max_length=80)
    model_version = models.CharField(max_length=80)
    elapsed_ms = models.FloatField(help_text="Time in the predictor.")
    answered_at = models.DateTimeField(help_text="Real time.")

    class Meta:
        ordering = ["-window_end_at"]
        get_latest_by = "window_end_at"
        indexes = [models.Index(fields=["place", "-window_end_at"], name="prediction_newest")]
        constraints = [
            models.CheckConstraint(
                name="prediction_probabilities_in_range",
                condition=models.Q(probability_any_6h__gte=0, probability_any_6h__lte=1)
                & models.Q(probability_any_24h__gte=0, probability_any_24h__lte=1),
            )
        ]

    def __str__(self) -> str:
        return f"{self.place_id} after {self.window_end_at:%Y-%m-%d %H:%M}"

    def probability_within(self, hours: int) -> float:
        """P(any wet hour among the next `hours`), 1..24."""
        return rain.probability_any_within(
            hours,
            hourly_probability=self.hourly_probability,
            probability_any_6h=self.probability_any_6h,
            probability_any_24h=self.probability_any_24h,
        )

    def age_hours(self, now: datetime) -> float:
        """Hours since the readings it was made from, by the place's clock."""
        return (now - self.window_end_at).total_seconds() / 3600
