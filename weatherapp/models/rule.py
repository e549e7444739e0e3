"""When to raise an alert, in terms that people can read."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from weatherapp.models.place import Place


class RuleKind(models.TextChoices):
    RAIN_PROBABILITY = "RAIN_PROBABILITY", "probability of rain"


class RuleState(models.TextChoices):
    NEW = "NEW", "not evaluated yet"
    QUIET = "QUIET", "below its threshold"
    RAISED = "RAISED", "alert active"
    NO_DATA = "NO_DATA", "no data"


class Rule(models.Model):
    """P(rain within `window_hours`) >= `threshold` raises; below `threshold - margin` ends."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="rules")
    name = models.CharField(max_length=80, help_text="What a reader sees, for example “Rain soon”.")
    kind = models.CharField(
        max_length=20, choices=RuleKind.choices, default=RuleKind.RAIN_PROBABILITY
    )
    window_hours = models.PositiveSmallIntegerField(
        default=6,
        validators=[MinValueValidator(1), MaxValueValidator(24)],
        help_text="Looks this many hours ahead, 1 to 24.",
    )
    threshold = models.FloatField(
        default=0.6,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="Raise at this probability or above, 0 to 1.",
    )
    margin = models.FloatField(
        default=0.1,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text="End only below threshold minus margin, so that an alert does not flap.",
    )
    is_active = models.BooleanField(default=True)

    state = models.CharField(
        max_length=10, choices=RuleState.choices, default=RuleState.NEW, editable=False
    )
    evaluated_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="By the place's clock."
    )
    latest_probability = models.FloatField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["place", "window_hours", "threshold"]
        constraints = [
            models.CheckConstraint(
                name="rule_threshold_in_range", condition=Q(threshold__gte=0, threshold__lte=1)
            ),
            models.CheckConstraint(
                name="rule_margin_in_range", condition=Q(margin__gte=0, margin__lte=F("threshold"))
            ),
            models.CheckConstraint(
                name="rule_window_in_range",
                condition=Q(window_hours__gte=1, window_hours__lte=24),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.place})"

    def clean(self) -> None:
        numbers = (self.threshold, self.margin)  # a number that a form refused is None here
        if None not in numbers and self.margin > self.threshold:
            raise ValidationError({"margin": "The margin must not be larger than the threshold."})
