"""How much the model and a source count in the site's probability."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class BlendWeight(models.Model):
    """The newest weights of one source and one band of lead times, and what they were learned from.

    The Brier scores are of the same hours; the site's is of what it published then.
    """

    source = models.CharField(_("source"), max_length=20)
    first_lead_hours = models.PositiveSmallIntegerField(_("from lead time (h)"))
    last_lead_hours = models.PositiveSmallIntegerField(_("to lead time (h)"))
    intercept = models.FloatField(_("intercept"))
    model_weight = models.FloatField(_("model's weight"))
    source_weight = models.FloatField(_("source's weight"))
    is_learned = models.BooleanField(
        _("learned"), help_text=_("No: too few hours yet, these are the defaults.")
    )
    hours = models.PositiveIntegerField(_("hours"), help_text=_("Observed hours behind the cases."))
    cases = models.PositiveIntegerField(
        _("cases"), help_text=_("Pairs of a prediction and an observed hour.")
    )
    wet_cases = models.PositiveIntegerField(_("cases with rain"))
    model_brier = models.FloatField(_("model's Brier score"), null=True, blank=True)
    source_brier = models.FloatField(_("source's Brier score"), null=True, blank=True)
    site_brier = models.FloatField(_("site's Brier score"), null=True, blank=True)
    fitted_at = models.DateTimeField(_("fitted at"))

    class Meta:
        verbose_name = _("blend weight")
        verbose_name_plural = _("blend weights")
        ordering = ["source", "first_lead_hours"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "first_lead_hours"], name="one_blend_weight_a_band"
            ),
            models.CheckConstraint(
                name="blend_weights_not_negative",
                condition=Q(model_weight__gte=0, source_weight__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.first_lead_hours}–{self.last_lead_hours} h"
