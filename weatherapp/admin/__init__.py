"""The operator's pages: what is watched, what was decided, who was told."""

from django.conf import settings
from django.contrib import admin

from weatherapp.admin import (
    active_model,
    alerts,
    backtests,
    people,
    places,
    pools,
    predictions,
    recalibration,
    rules,
    tags,
    weather,
)

__all__ = [
    "active_model",
    "alerts",
    "backtests",
    "people",
    "places",
    "pools",
    "predictions",
    "recalibration",
    "rules",
    "tags",
    "weather",
]

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.index_title = "Operation"
