"""Alerts and every change of them."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weatherapp.domain.cap import Certainty, Severity, Urgency, find_urgency
from weatherapp.domain.hazards import Hazard
from weatherapp.models.evidence import Evidence, parse_evidence
from weatherapp.models.place import Place
from weatherapp.models.prediction import Prediction
from weatherapp.models.rule import Rule, RuleVersion
from weatherapp.models.slugs import add_words

SEVERITY_CHOICES = [
    (Severity.MINOR.value, pgettext_lazy("severity", "Minor")),
    (Severity.MODERATE.value, pgettext_lazy("severity", "Moderate")),
    (Severity.SEVERE.value, pgettext_lazy("severity", "Severe")),
    (Severity.EXTREME.value, pgettext_lazy("severity", "Extreme")),
]
CERTAINTY_CHOICES = [
    (Certainty.OBSERVED.value, pgettext_lazy("certainty", "Observed")),
    (Certainty.LIKELY.value, pgettext_lazy("certainty", "Likely")),
    (Certainty.POSSIBLE.value, pgettext_lazy("certainty", "Possible")),
    (Certainty.UNLIKELY.value, pgettext_lazy("certainty", "Unlikely")),
    (Certainty.UNKNOWN.value, pgettext_lazy("certainty", "Unknown")),
]

HAZARD_CHOICES = [
    (Hazard.THUNDERSTORM.value, pgettext_lazy("kind of weather", "Thunderstorm")),
    (Hazard.ICE.value, pgettext_lazy("kind of weather", "Ice")),
    (Hazard.SNOW.value, pgettext_lazy("kind of weather", "Snow")),
    (Hazard.RAIN.value, pgettext_lazy("kind of weather", "Rain")),
    (Hazard.WIND.value, pgettext_lazy("kind of weather", "Wind")),
    (Hazard.FOG.value, pgettext_lazy("kind of weather", "Fog")),
    (Hazard.FROST.value, pgettext_lazy("kind of weather", "Frost")),
    (Hazard.COLD.value, pgettext_lazy("kind of weather", "Cold")),
    (Hazard.HEAT.value, pgettext_lazy("kind of weather", "Heat")),
    (Hazard.PRESSURE_FALL.value, pgettext_lazy("kind of weather", "Falling pressure")),
    (Hazard.GENERIC.value, pgettext_lazy("kind of weather", "Weather")),
]


class AlertState(models.TextChoices):
    """Words of the engine's life cycle (alerting/engine/snapshot.py)."""

    FIRING = "FIRING", _("active")
    RECOVERING = "RECOVERING", _("easing")
    NO_DATA = "NO_DATA", _("active, but no data to confirm it")
    ENDED = "ENDED", _("ended")
    EXPIRED = "EXPIRED", _("expired without data")
    CANCELLED = "CANCELLED", _("cancelled")


OPEN_STATES = (AlertState.FIRING, AlertState.RECOVERING, AlertState.NO_DATA)


class ChangeReason(models.TextChoices):
    """Words of the engine's life cycle."""

    RAISED = "RAISED", _("raised")
    ESCALATED = "ESCALATED", _("more severe")
    REDUCED = "REDUCED", _("less severe")
    EXTENDED = "EXTENDED", _("goes on for longer")
    EASING = "EASING", _("no longer holds; waiting before it ends")
    BACK = "BACK", _("holds again")
    DATA_LOST = "DATA_LOST", _("no data")
    DATA_BACK = "DATA_BACK", _("data is back")
    CLEARED = "CLEARED", _("over")
    NOT_CONFIRMED = "NOT_CONFIRMED", _("nothing confirmed it for too long")
    NO_DATA = "NO_DATA", _("ended for want of data")
    RULE_OFF = "RULE_OFF", _("the rule was switched off")
    PLACE_OFF = "PLACE_OFF", _("the place is no longer watched by this rule")
    CANCELLED = "CANCELLED", _("cancelled by an operator")


class AlertQuerySet(models.QuerySet["Alert"]):
    def open(self) -> AlertQuerySet:
        """Not over yet."""
        return self.filter(state__in=OPEN_STATES)

    def due(self, now: datetime) -> AlertQuerySet:
        """Open ones that time alone may change by `now` (real time)."""
        return self.open().filter(check_at__lte=now)


class Alert(models.Model):
    """One spell in which a rule holds at a place. Times are the place's clock."""

    public_id = models.UUIDField(_("public identifier"), unique=True, default=uuid4, editable=False)
    place = models.ForeignKey(
        Place, verbose_name=_("place"), on_delete=models.CASCADE, related_name="alerts"
    )
    # A rule that raised alerts is switched off, not deleted: its alerts are history.
    rule = models.ForeignKey(
        Rule, verbose_name=_("rule"), on_delete=models.RESTRICT, related_name="alerts"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=AlertState, default=AlertState.FIRING
    )
    since_at = models.DateTimeField(_("in this state since"), help_text=_("When this state began."))
    severity = models.CharField(_("severity"), max_length=8, choices=SEVERITY_CHOICES)
    peak_severity = models.CharField(_("highest severity"), max_length=8, choices=SEVERITY_CHOICES)
    certainty = models.CharField(_("certainty"), max_length=8, choices=CERTAINTY_CHOICES)
    raised_at = models.DateTimeField(_("raised at"))
    onset_at = models.DateTimeField(
        _("begins at"), help_text=_("When the weather begins, or began.")
    )
    ends_at = models.DateTimeField(
        _("ends at"),
        null=True,
        blank=True,
        help_text=_("When it is expected to end; empty: nobody knows."),
    )
    told_ends_at = models.DateTimeField(
        _("end as last told"),
        null=True,
        blank=True,
        help_text=_("What the newest change said of the end."),
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    confirmed_at = models.DateTimeField(
        _("last confirmed at"), help_text=_("Last evaluation that had data.")
    )
    confirmed_until_at = models.DateTimeField(
        _("confirmed until"), help_text=_("The end of the span that it spoke of.")
    )
    marks = models.JSONField(
        _("times of the facts"), default=dict, help_text=_("Of when the facts were, by basis.")
    )
    evidence = models.JSONField(
        _("evidence"),
        default=dict,
        help_text=_("What the newest evaluation with data saw: see AlertChange."),
    )
    check_at = models.DateTimeField(
        _("next look at"),
        null=True,
        blank=True,
        help_text=_("When time alone may change it next (real time)."),
    )
    hazard = models.CharField(
        _("kind of weather"),
        max_length=13,
        choices=HAZARD_CHOICES,
        default=Hazard.GENERIC.value,
        help_text=_("By its rule and how bad it is."),
    )
    publish_at = models.DateTimeField(
        _("next look at what is published"),
        null=True,
        blank=True,
        help_text=_("When it is to be seen whether there is something to publish (real time)."),
    )

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-raised_at"]
        indexes = [
            models.Index(fields=["state", "check_at"], name="alert_due"),
            models.Index(
                fields=["publish_at"],
                condition=Q(publish_at__isnull=False),
                name="alert_to_publish",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "place"],
                condition=Q(state__in=["FIRING", "RECOVERING", "NO_DATA"]),
                name="one_open_alert_a_rule_and_place",
            ),
            models.CheckConstraint(
                name="alert_ended_at_matches_state",
                condition=Q(state__in=["FIRING", "RECOVERING", "NO_DATA"], ended_at__isnull=True)
                | Q(state__in=["ENDED", "EXPIRED", "CANCELLED"], ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule.name}, {self.place.name}, {self.raised_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        words = add_words(self.pk, self.rule.name, self.place.name)
        return reverse("alert", args=[words])

    def read_evidence(self) -> Evidence:
        """Of the newest evaluation with data; also what another release wrote."""
        return parse_evidence(self.evidence, f"alert {self.pk}")

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def severity_rank(self) -> int:
        return Severity(self.severity).rank

    def urgency(self, now: datetime) -> Urgency:
        """`now` is the place's clock."""
        if not self.is_open:
            return Urgency.PAST
        ends_at = self.ends_at or self.confirmed_until_at
        return find_urgency(onset_at=self.onset_at, ends_at=ends_at, now=now)

    def is_confirmed(self, now: datetime) -> bool:
        """Whether what it says is about a time that is not over; `now` is the place's clock."""
        return self.is_open and now < self.confirmed_until_at


class AlertChange(models.Model):
    """One step in an alert's life: history and outbox at once. Never edited.

    `evidence` is what the decision saw, as alerting/evidence.py writes and reads it.
    """

    alert = models.ForeignKey(
        Alert, verbose_name=_("alert"), on_delete=models.CASCADE, related_name="changes"
    )
    old_state = models.CharField(
        _("state before"),
        max_length=10,
        choices=AlertState,
        blank=True,
        help_text=_("Empty at the raising."),
    )
    new_state = models.CharField(_("state"), max_length=10, choices=AlertState)
    reason = models.CharField(_("reason"), max_length=13, choices=ChangeReason)
    severity = models.CharField(
        _("severity"), max_length=8, choices=SEVERITY_CHOICES, help_text=_("From then on.")
    )
    onset_at = models.DateTimeField(_("begins at"), help_text=_("As it was known then."))
    ends_at = models.DateTimeField(
        _("ends at"), null=True, blank=True, help_text=_("As it was known then.")
    )
    changed_at = models.DateTimeField(_("changed at"), help_text=_("By the place's clock."))
    created_at = models.DateTimeField(_("created at"), help_text=_("Real time."))
    rule_version = models.ForeignKey(
        RuleVersion,
        verbose_name=_("version of the rule"),
        on_delete=models.RESTRICT,
        related_name="+",
    )
    evidence = models.JSONField(_("evidence"))
    note = models.CharField(
        _("note"), max_length=500, blank=True, help_text=_("An operator's words.")
    )
    prediction = models.ForeignKey(
        Prediction,
        verbose_name=_("prediction"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )

    class Meta:
        verbose_name = _("alert change")
        verbose_name_plural = _("alert changes")
        ordering = ["changed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}, {self.changed_at:%Y-%m-%d %H:%M}"

    def read_evidence(self) -> Evidence:
        """Also what another release wrote."""
        return parse_evidence(self.evidence, f"change {self.pk}")

    @property
    def is_raise(self) -> bool:
        return not self.old_state

    @property
    def is_end(self) -> bool:
        return self.new_state not in OPEN_STATES
