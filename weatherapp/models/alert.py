"""Alerts and every change of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse

from weatherapp.models.evidence import StoredEvidence, parse_evidence
from weatherapp.models.place import Place
from weatherapp.models.prediction import Prediction
from weatherapp.models.rule import Rule


class AlertState(models.TextChoices):
    ACTIVE = "ACTIVE", "active"
    NO_DATA = "NO_DATA", "active, but no data to confirm it"
    ENDED = "ENDED", "ended"
    EXPIRED = "EXPIRED", "expired without data"


OPEN_STATES = (AlertState.ACTIVE, AlertState.NO_DATA)


class ChangeReason(models.TextChoices):
    REACHED = "REACHED", "the probability reached the threshold"
    ROSE = "ROSE", "the probability rose"
    FELL = "FELL", "the probability fell, but not below the margin"
    DATA_LOST = "DATA_LOST", "no fresh prediction"
    DATA_BACK = "DATA_BACK", "predictions are back"
    CLEARED = "CLEARED", "the probability fell below the margin"
    TIMED_OUT = "TIMED_OUT", "no fresh prediction for too long"
    RULE_OFF = "RULE_OFF", "the rule was switched off"


class AlertQuerySet(models.QuerySet["Alert"]):
    def open(self) -> AlertQuerySet:
        """Not over yet: active, or waiting for data."""
        return self.filter(state__in=OPEN_STATES)


class Alert(models.Model):
    """One spell in which a rule holds. Times are the place's clock."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="alerts")
    # A rule that raised alerts is switched off, not deleted: its alerts are history.
    rule = models.ForeignKey(Rule, on_delete=models.RESTRICT, related_name="alerts")
    state = models.CharField(max_length=10, choices=AlertState.choices, default=AlertState.ACTIVE)
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    probability = models.FloatField(help_text="Latest known, 0..1.")
    peak_probability = models.FloatField()
    confirmed_at = models.DateTimeField(help_text="Last evaluation that had data.")

    objects = AlertQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule"],
                condition=Q(state__in=["ACTIVE", "NO_DATA"]),
                name="one_open_alert_a_rule",
            ),
            models.CheckConstraint(
                name="alert_ended_at_matches_state",
                condition=Q(state__in=["ACTIVE", "NO_DATA"], ended_at__isnull=True)
                | Q(state__in=["ENDED", "EXPIRED"], ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule.name}, {self.place.name}, {self.raised_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("alert", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class AlertChange(models.Model):
    """One step in an alert's life: history and outbox at once. Never edited.

    `evidence` holds what the decision saw: probability, threshold, margin, window_hours,
    window_end_at, model_name, model_version, prediction_id, request_id, and parts: what the
    probability was combined from (model_probability, source, source_issued_at,
    source_peak_probability, weights). What was unknown is null.
    """

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="changes")
    old_state = models.CharField(
        max_length=10, choices=AlertState.choices, blank=True, help_text="Empty at the raising."
    )
    new_state = models.CharField(max_length=10, choices=AlertState.choices)
    reason = models.CharField(max_length=10, choices=ChangeReason.choices)
    changed_at = models.DateTimeField(help_text="By the place's clock.")
    created_at = models.DateTimeField(help_text="Real time.")
    evidence = models.JSONField()
    prediction = models.ForeignKey(
        Prediction, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["changed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.alert_id}: {self.old_state or 'new'} to {self.new_state} ({self.reason})"

    def read_evidence(self) -> StoredEvidence:
        """Also what another release wrote."""
        return parse_evidence(self.evidence, f"change {self.pk}")

    @property
    def is_raise(self) -> bool:
        return not self.old_state

    @property
    def is_end(self) -> bool:
        return self.new_state not in OPEN_STATES
