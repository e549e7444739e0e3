"""What the weather source itself forecasts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from weatherapp.domain.quantities import FORECAST_NAMES
from weatherapp.domain.series import Series
from weatherapp.models.packed import PackedJSONField
from weatherapp.models.place import Place
from weatherapp.models.source_hours import parse_series


class SourceForecast(models.Model):
    """One forecast run as it was received; a row a run, so that runs can be scored later.

    `columns` holds, by the names of domain/quantities.py, a value for each hour from `first_at` on,
    null where the source said nothing; a quantity that it says nothing of is absent.
    """

    place = models.ForeignKey(
        Place,
        verbose_name=_("place"),
        on_delete=models.CASCADE,
        related_name="source_forecasts",
        db_index=False,  # forecast_once_an_hour begins with it
    )
    source = models.CharField(_("source"), max_length=20)
    hour_at = models.DateTimeField(
        _("fetched for the hour"), help_text=_("The full hour, by the place's clock, of the fetch.")
    )
    issued_at = models.DateTimeField(
        _("issued at"),
        null=True,
        blank=True,
        help_text=_("The run's own time; empty where the source does not tell."),
    )
    received_at = models.DateTimeField(_("received at"))
    first_at = models.DateTimeField(
        _("first hour"), help_text=_("What the first of the hours is valid at.")
    )
    columns = PackedJSONField(_("values"), digits=3)

    class Meta:
        verbose_name = _("source forecast")
        verbose_name_plural = _("source forecasts")
        ordering = ["-hour_at"]
        get_latest_by = "hour_at"
        constraints = [
            models.UniqueConstraint(
                # In this order it is the index for the newest run, too.
                fields=["place", "hour_at", "source"],
                name="forecast_once_an_hour",
            )
        ]

    def __str__(self) -> str:
        return f"{self.place}, {self.hour_at:%Y-%m-%d %H:%M}"

    @property
    def run_at(self) -> datetime:
        """As of when it counts: the run's time, or the best guess at it."""
        return self.issued_at or self.hour_at

    @property
    def series(self) -> Series:
        """All that it says."""
        return self.read_series(FORECAST_NAMES)

    def read_series(self, names: Collection[str]) -> Series:
        """What another release wrote, too: columns that are none are left out."""
        return parse_series(self.first_at, self.columns, f"source forecast {self.pk}", names)
