"""What was measured at a place in one hour."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from weatherapp.models.place import Place


class Reading(models.Model):
    """One hour, by the names and units of domain/quantities.py; empty where the source knew nothing.

    Instant values are at `observed_at`; sums and maxima are of the hour that ends there.
    """

    place = models.ForeignKey(
        Place, verbose_name=_("place"), on_delete=models.CASCADE, related_name="readings"
    )
    observed_at = models.DateTimeField(_("observed at"))
    temperature_c = models.FloatField(_("temperature (°C)"), null=True, blank=True)
    dew_point_c = models.FloatField(_("dew point (°C)"), null=True, blank=True)
    pressure_msl_hpa = models.FloatField(_("pressure at sea level (hPa)"), null=True, blank=True)
    wind_speed_ms = models.FloatField(_("wind (m/s)"), null=True, blank=True)
    wind_gust_ms = models.FloatField(_("gust (m/s)"), null=True, blank=True)
    wind_direction_deg = models.FloatField(_("wind from (°)"), null=True, blank=True)
    precipitation_mm = models.FloatField(_("precipitation (mm)"), null=True, blank=True)
    snowfall_cm = models.FloatField(_("snowfall (cm)"), null=True, blank=True)
    weather_code = models.FloatField(
        _("weather code"), null=True, blank=True, help_text=_("WMO 4677.")
    )
    source = models.CharField(_("source"), max_length=20)
    received_at = models.DateTimeField(
        _("received at"), help_text=_("Real time of the fetch that brought it as it is.")
    )

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["-observed_at"]
        get_latest_by = "observed_at"
        constraints = [
            models.UniqueConstraint(
                # In this order it is the index for a span of time, too.
                fields=["place", "observed_at", "source"],
                name="reading_once_an_hour",
            ),
            models.CheckConstraint(
                name="reading_precipitation_not_negative",
                condition=models.Q(precipitation_mm__isnull=True)
                | models.Q(precipitation_mm__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}, {self.observed_at:%Y-%m-%d %H:%M}"
