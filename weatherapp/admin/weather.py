"""The weather as it came in, and the replay's scene."""

from __future__ import annotations

from django.contrib import admin
from django.utils import timezone
from django.utils.safestring import SafeString

from weatherapp.admin.history import HistoryAdmin
from weatherapp.admin.words import show_table
from weatherapp.models import Reading, Scene, SourceForecast

FORECAST_COLUMNS = (
    "valid_at",
    "precipitation_mm",
    "precipitation_probability",
    "temperature_c",
    "wind_speed_ms",
    "wind_gust_ms",
    "weather_code",
)


@admin.register(Reading)
class ReadingAdmin(HistoryAdmin[Reading]):
    list_display = (
        "observed_at",
        "place",
        "temperature_c",
        "dew_point_c",
        "pressure_msl_hpa",
        "wind_speed_ms",
        "wind_direction_deg",
        "precipitation_mm",
        "source",
        "received_at",
    )
    list_filter = ("place", "source")
    list_select_related = ("place",)
    search_fields = ("place__name",)
    date_hierarchy = "observed_at"


@admin.register(SourceForecast)
class SourceForecastAdmin(HistoryAdmin[SourceForecast]):
    list_display = ("issued_at", "place", "source", "length", "received_at")
    list_filter = ("place", "source")
    list_select_related = ("place",)
    search_fields = ("place__name",)
    date_hierarchy = "issued_at"
    fields = ("place", "source", "issued_at", "received_at", "by_hour")

    @admin.display(description="hours")
    def length(self, forecast: SourceForecast) -> int:
        return len(forecast.read_hours())

    @admin.display(description="by hour")
    def by_hour(self, forecast: SourceForecast) -> SafeString:
        rows = (
            [getattr(hour, name) for name in FORECAST_COLUMNS] for hour in forecast.read_hours()
        )
        return show_table(FORECAST_COLUMNS, rows)


@admin.register(Scene)
class SceneAdmin(HistoryAdmin[Scene]):
    """Read-only: a clock that was set back would live through its alerts twice."""

    list_display = ("title", "name", "clock", "starts_at", "plays_until_at", "is_running")
    search_fields = ("name", "title")
    fields = (
        "title",
        "name",
        "clock",
        "starts_at",
        "plays_until_at",
        "playing_at",
        "anchor_scene_at",
        "anchor_real_at",
    )

    @admin.display(description="scene time now")
    def clock(self, scene: Scene) -> str:
        return f"{scene.time_at(timezone.now()):%Y-%m-%d %H:%M} UTC"

    @admin.display(description="by the real clock", boolean=True)
    def is_running(self, scene: Scene) -> bool:
        return scene.is_anchored
