"""What the weather source forecasts of the week ahead: to be read, not judged."""

from __future__ import annotations

from django.db import models

from weatherapp.domain.quantities import FORECAST_NAMES
from weatherapp.domain.series import Series
from weatherapp.models.packed import PackedJSONField
from weatherapp.models.place import Place
from weatherapp.models.source_hours import parse_series


class WeekForecast(models.Model):
    """The newest only: a row a place, which each fetch overwrites.

    Rules, evidence and scores go by the runs of SourceForecast, which has the near hours and is
    kept. `columns` as there.
    """

    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="week_forecast")
    source = models.CharField(max_length=20)
    hour_at = models.DateTimeField(help_text="The full hour, by the place's clock, of the fetch.")
    received_at = models.DateTimeField()
    first_at = models.DateTimeField(help_text="What the first of the hours is valid at.")
    columns = PackedJSONField(digits=2)

    class Meta:
        ordering = ["place__name"]

    def __str__(self) -> str:
        return f"{self.place_id} as of {self.hour_at:%Y-%m-%d %H:%M}"

    @property
    def series(self) -> Series:
        """All that it says; what another release wrote, too."""
        row = f"week forecast {self.pk}"
        return parse_series(self.first_at, self.columns, row, FORECAST_NAMES)
