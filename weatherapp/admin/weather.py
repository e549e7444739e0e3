"""The weather as it came in, and the replay's scene."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.contrib import admin
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weatherapp.admin.filters import SourceFilter
from weatherapp.admin.history import HistoryAdmin
from weatherapp.admin.words import name_column, name_source, say_chance, say_time, show_table
from weatherapp.display.weather_codes import describe_weather
from weatherapp.domain.quantities import FORECAST_NAMES
from weatherapp.models import Reading, Scene, SourceForecast


@admin.register(Reading)
class ReadingAdmin(HistoryAdmin[Reading]):
    list_display = (
        "observed_at",
        "place",
        "temperature_c",
        "wind_speed_ms",
        "wind_gust_ms",
        "precipitation_mm",
        "weather",
        "from_source",
    )
    list_filter = (("source", SourceFilter),)
    list_select_related = ("place",)
    search_fields = ("place__name",)
    date_hierarchy = "observed_at"

    @admin.display(description=_("source"), ordering="source")
    def from_source(self, row: Reading) -> str:
        return name_source(row.source)

    @admin.display(description=_("weather"), ordering="weather_code")
    def weather(self, reading: Reading) -> str:
        return describe_weather(reading.weather_code)


@admin.register(SourceForecast)
class SourceForecastAdmin(HistoryAdmin[SourceForecast]):
    list_display = ("hour_at", "place", "from_source", "issued_at", "length", "received_at")
    list_filter = (("source", SourceFilter),)
    list_select_related = ("place",)
    search_fields = ("place__name",)
    date_hierarchy = "hour_at"
    fields = ("place", "from_source", "hour_at", "issued_at", "received_at", "by_hour")

    @admin.display(description=_("source"), ordering="source")
    def from_source(self, row: SourceForecast) -> str:
        return name_source(row.source)

    @admin.display(description=_("hours"))
    def length(self, forecast: SourceForecast) -> int:
        return len(forecast.series.hours())

    @admin.display(description=_("by hour"))
    def by_hour(self, forecast: SourceForecast) -> SafeString:
        series = forecast.series
        names = (gettext("valid at"), *map(name_column, FORECAST_NAMES))
        rows = ([say_time(at), *_say_values(series.at(at))] for at in series.hours())
        return show_table(names, rows)


def _say_values(facts: Mapping[str, float | None]) -> Iterator[object]:
    """A cell a quantity; of what is a probability, in percent."""
    for name in FORECAST_NAMES:
        value = facts.get(name)
        yield say_chance(value) if name == "precipitation_probability" else value


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

    @admin.display(description=_("scene time now"))
    def clock(self, scene: Scene) -> str:
        return say_time(scene.time_at(timezone.now()))

    @admin.display(description=_("by the real clock"), boolean=True)
    def is_running(self, scene: Scene) -> bool:
        return scene.is_anchored
