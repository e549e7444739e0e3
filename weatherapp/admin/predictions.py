"""What the predictor was asked, and what it said."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import admin
from django.db.models.functions import Coalesce
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from predictor import contract
from weatherapp.admin.filters import NamedFilter
from weatherapp.admin.history import HistoryAdmin
from weatherapp.admin.words import name_column, say_chance, say_hour, show_facts, show_table
from weatherapp.display.values import localize
from weatherapp.models import Prediction, PredictionRequest

CLIMATE_DIGITS = 3


@admin.register(Prediction)
class PredictionAdmin(HistoryAdmin[Prediction]):
    list_display = (
        "window_end_at",
        "place",
        "within_1h",
        "within_6h",
        "within_24h",
        "made_by",
        "elapsed",
        "answered_at",
    )
    list_filter = ("model_name", "model_version")
    list_select_related = ("place",)
    search_fields = ("place__name", "model_name", "model_version")
    date_hierarchy = "window_end_at"
    fields = (
        "place",
        "window_end_at",
        "within_1h",
        "within_6h",
        "within_24h",
        "by_hour",
        "made_by",
        "elapsed",
        "answered_at",
        "request",
    )

    @admin.display(description=_("within 1 h"))
    def within_1h(self, prediction: Prediction) -> str:
        return say_chance(prediction.probability_within(1))

    @admin.display(
        description=_("within 6 h"),
        ordering=Coalesce("blended_any_6h", "calibrated_any_6h", "probability_any_6h"),
    )
    def within_6h(self, prediction: Prediction) -> str:
        return say_chance(prediction.probability_within(6))

    @admin.display(
        description=_("within 24 h"),
        ordering=Coalesce("blended_any_24h", "calibrated_any_24h", "probability_any_24h"),
    )
    def within_24h(self, prediction: Prediction) -> str:
        return say_chance(prediction.probability_within(24))

    @admin.display(description=_("model"), ordering="model_name")
    def made_by(self, prediction: Prediction) -> str:
        return f"{prediction.model_name} ({prediction.model_version})"

    @admin.display(description=_("took"), ordering="elapsed_ms")
    def elapsed(self, prediction: Prediction) -> str:
        return localize(f"{prediction.elapsed_ms:.1f} ms")

    @admin.display(description=_("by hour"))
    def by_hour(self, prediction: Prediction) -> SafeString:
        start = prediction.window_end_at
        blend = prediction.read_blend()
        theirs = blend.hourly_probability if blend else (None,) * contract.LEAD_HOURS
        said = zip(
            prediction.site.hourly_probability,
            prediction.raw.hourly_probability,
            prediction.calibrated.hourly_probability,
            theirs,
            strict=True,
        )
        return show_table(
            (
                gettext("hour that ends at"),
                gettext("chance of rain"),
                gettext("model"),
                pgettext("a probability", "calibrated"),
                gettext("source"),
            ),
            (
                (say_hour(start + timedelta(hours=lead)), *map(say_chance, chances))
                for lead, chances in enumerate(said, start=1)
            ),
        )


@admin.register(PredictionRequest)
class PredictionRequestAdmin(HistoryAdmin[PredictionRequest]):
    list_display = (
        "created_at",
        "place",
        "window_end_at",
        "origin",
        "state",
        "took",
        "error_message",
    )
    list_filter = ("state", "origin", "priority", ("error", NamedFilter))
    list_select_related = ("place",)
    search_fields = ("place__name", "id", "error_message")
    date_hierarchy = "created_at"
    fields = (
        "id",
        "place",
        "state",
        "origin",
        "priority",
        "created_at",
        "expires_at",
        "finished_at",
        "took",
        "error",
        "error_message",
        "window_end_at",
        "climate",
        "readings",
    )

    @admin.display(description=_("took"))
    def took(self, request: PredictionRequest) -> str:
        if request.finished_at is None:
            return "-"
        return localize(f"{(request.finished_at - request.created_at).total_seconds():.1f} s")

    @admin.display(description=_("usual of late, sent with them"))
    def climate(self, request: PredictionRequest) -> SafeString | str:
        climate = request.read_window().climate
        if not climate:
            return say_missing(request)
        rounded = {
            name: None if value is None else round(value, CLIMATE_DIGITS)
            for name, value in climate.items()
        }
        return show_facts(rounded)

    @admin.display(description=_("readings sent"))
    def readings(self, request: PredictionRequest) -> SafeString | str:
        rows = request.read_window().list_rows()
        return (
            show_table(map(name_column, contract.FEATURE_NAMES), rows)
            if rows
            else say_missing(request)
        )


def say_missing(request: PredictionRequest) -> str:
    return gettext("no longer kept") if request.window is None else pgettext("facts", "none")
