"""Places' calibrations: how far their answers are from the model's."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from predictor import contract
from predictor.contract import ANY_HOURS
from predictor.online_calibration import PlattScaling
from weatherapp.admin.history import HistoryAdmin
from weatherapp.admin.words import show_table
from weatherapp.models import PlaceCalibration

ANY_6H, ANY_24H = range(contract.LEAD_HOURS, contract.LEAD_HOURS + len(ANY_HOURS))


def list_target_names() -> list[str]:
    leads = range(1, contract.LEAD_HOURS + 1)
    return [
        *(gettext("hour %(number)s") % {"number": lead_hours} for lead_hours in leads),
        *(gettext("any of %(hours)s h") % {"hours": hours} for hours in ANY_HOURS),
    ]


def say_scaling(scaling: PlattScaling) -> str:
    return f"{scaling.intercept:+.2f}, {scaling.slope:.2f}"


@admin.register(PlaceCalibration)
class PlaceCalibrationAdmin(HistoryAdmin[PlaceCalibration]):
    list_display = (
        "place",
        "model_version",
        "answers",
        "first_hour",
        "any_6h",
        "any_24h",
        "learned_until_at",
        "updated_at",
    )
    list_filter = ("model_version",)
    list_select_related = ("place",)
    search_fields = ("place__name", "model_version")
    fields = ("place", "model_version", "answers", "learned_until_at", "updated_at", "by_target")

    @admin.display(description=_("hour 1: intercept, slope"))
    def first_hour(self, row: PlaceCalibration) -> str:
        return say_scaling(row.read_scalings()[0])

    @admin.display(description=_("any of 6 h"))
    def any_6h(self, row: PlaceCalibration) -> str:
        return say_scaling(row.read_scalings()[ANY_6H])

    @admin.display(description=_("any of 24 h"))
    def any_24h(self, row: PlaceCalibration) -> str:
        return say_scaling(row.read_scalings()[ANY_24H])

    @admin.display(description=_("log-odds = intercept + slope * the model's"))
    def by_target(self, row: PlaceCalibration) -> SafeString:
        return show_table(
            (gettext("target"), gettext("intercept"), gettext("slope")),
            (
                (name, f"{scaling.intercept:+.3f}", f"{scaling.slope:.3f}")
                for name, scaling in zip(list_target_names(), row.read_scalings(), strict=True)
            ),
        )
