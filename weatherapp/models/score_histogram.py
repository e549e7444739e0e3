"""What the site's own history says about model and source: counted, and how far it is counted."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from weatherapp.models.packed import PackedJSONField
from weatherapp.models.place import Place


class ScoreHistogram(models.Model):
    """Scored hours of one source, of one band of lead times, of one week, over all places.

    `cells` counts cases by the log-odds of both parts: see forecasting/scoring/histogram.py. The sums of
    squared errors are exact. A table of this form stays small, however many places there are.
    """

    source = models.CharField(_("source"), max_length=20)
    first_lead_hours = models.PositiveSmallIntegerField(
        _("from lead time (h)"), help_text=_("Names the band.")
    )
    week_starts_on = models.DateField(
        _("week from"), help_text=_("The Monday (UTC) of the hours' week.")
    )
    cases = models.PositiveIntegerField(_("cases"), default=0)
    wet_cases = models.PositiveIntegerField(_("cases with rain"), default=0)
    model_squared_error = models.FloatField(_("model's squared error"), default=0.0)
    source_squared_error = models.FloatField(_("source's squared error"), default=0.0)
    site_squared_error = models.FloatField(
        _("site's squared error"), default=0.0, help_text=_("Of what the site said.")
    )
    cells = models.JSONField(_("cells"), default=dict)

    class Meta:
        ordering = ["source", "first_lead_hours", "-week_starts_on"]
        verbose_name = _("score histogram")
        verbose_name_plural = _("score histograms")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "first_lead_hours", "week_starts_on"], name="one_histogram_a_week"
            ),
            models.CheckConstraint(
                name="histogram_wet_within_cases", condition=Q(wet_cases__lte=F("cases"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.first_lead_hours} h, {self.week_starts_on}"


class ScoringProgress(models.Model):
    """How far a place's hours are in the histograms and skill counts: each hour is counted once."""

    place = models.OneToOneField(
        Place, on_delete=models.CASCADE, primary_key=True, related_name="scoring_progress"
    )
    scored_until_at = models.DateTimeField(null=True, blank=True)
    verified_until_at = models.DateTimeField(
        null=True, blank=True, help_text="So far alerts were judged by what came."
    )
    climatology = PackedJSONField(
        null=True,
        blank=True,
        help_text="By hour of the day (UTC): hours and wet hours, fading: scoring/climatology.py.",
    )

    class Meta:
        verbose_name_plural = _("scoring progress")

    def __str__(self) -> str:
        return f"{self.place_id} until {self.scored_until_at}"
