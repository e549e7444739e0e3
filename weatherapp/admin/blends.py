"""How much model and source count, and what that was learned from."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from weatherapp.admin.filters import SourceFilter
from weatherapp.admin.history import HistoryAdmin
from weatherapp.admin.words import name_source
from weatherapp.display.values import localize
from weatherapp.models import BlendWeight, ScoreHistogram


def say_score(score: float | None) -> str:
    return "-" if score is None else localize(f"{score:.4f}")


@admin.register(BlendWeight)
class BlendWeightAdmin(HistoryAdmin[BlendWeight]):
    list_display = (
        "from_source",
        "lead_hours",
        "is_learned",
        "hours",
        "rounded_intercept",
        "rounded_model_weight",
        "rounded_source_weight",
        "rounded_model_brier",
        "rounded_source_brier",
        "rounded_site_brier",
        "fitted_at",
    )
    list_filter = (("source", SourceFilter), "is_learned")

    @admin.display(description=_("source"), ordering="source")
    def from_source(self, row: BlendWeight) -> str:
        return name_source(row.source)

    @admin.display(description=_("lead time"), ordering="first_lead_hours")
    def lead_hours(self, row: BlendWeight) -> str:
        return f"{row.first_lead_hours}–{row.last_lead_hours} h"

    @admin.display(description=_("intercept"))
    def rounded_intercept(self, row: BlendWeight) -> str:
        return localize(f"{row.intercept:+.2f}")

    @admin.display(description=_("model's weight"))
    def rounded_model_weight(self, row: BlendWeight) -> str:
        return localize(f"{row.model_weight:.2f}")

    @admin.display(description=_("source's weight"))
    def rounded_source_weight(self, row: BlendWeight) -> str:
        return localize(f"{row.source_weight:.2f}")

    @admin.display(description=_("model's Brier score"))
    def rounded_model_brier(self, row: BlendWeight) -> str:
        return say_score(row.model_brier)

    @admin.display(description=_("source's"))
    def rounded_source_brier(self, row: BlendWeight) -> str:
        return say_score(row.source_brier)

    @admin.display(description=_("site's"))
    def rounded_site_brier(self, row: BlendWeight) -> str:
        return say_score(row.site_brier)


@admin.register(ScoreHistogram)
class ScoreHistogramAdmin(HistoryAdmin[ScoreHistogram]):
    list_display = ("week_starts_on", "from_source", "first_lead_hours", "cases", "wet_cases")
    list_filter = (("source", SourceFilter), "first_lead_hours")
    date_hierarchy = "week_starts_on"
    exclude = ("cells",)

    @admin.display(description=_("source"), ordering="source")
    def from_source(self, row: ScoreHistogram) -> str:
        return name_source(row.source)
