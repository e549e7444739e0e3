"""What the weather source itself forecasts."""

from __future__ import annotations

from django.db import models

from weatherapp.models.place import Place
from weatherapp.models.source_hours import SourceHour, parse_source_hours


class SourceForecast(models.Model):
    """One forecast run as it was received; a row a run, so that runs can be scored later.

    `hours` is a list of objects, oldest first: valid_at (ISO, UTC), precipitation_mm,
    precipitation_probability (0..1), temperature_c, wind_speed_ms, wind_gust_ms, weather_code
    (WMO 4677); null where the source said nothing.
    """

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="source_forecasts")
    issued_at = models.DateTimeField(help_text="The full hour, by the place's clock, of the fetch.")
    received_at = models.DateTimeField()
    source = models.CharField(max_length=20)
    hours = models.JSONField()

    class Meta:
        ordering = ["-issued_at"]
        get_latest_by = "issued_at"
        constraints = [
            models.UniqueConstraint(fields=["place", "issued_at"], name="forecast_once_an_hour")
        ]

    def __str__(self) -> str:
        return f"{self.place_id} issued {self.issued_at:%Y-%m-%d %H:%M}"

    def read_hours(self) -> tuple[SourceHour, ...]:
        """Also what another release wrote."""
        return parse_source_hours(self.hours, f"source forecast {self.pk}")
