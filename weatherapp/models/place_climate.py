"""What has been usual at a place of late, as running totals: not counted anew each hour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from weatherapp.models.place import Place
from weatherapp.models.stored import as_whole_number, read_list


class PlaceClimateQuerySet(models.QuerySet["PlaceClimate"]):
    def forget_changed(self, oldest_by_place: Mapping[int, datetime]) -> None:
        """Of places whose readings were written or deleted: the oldest such hour, by place id.

        Totals that the hour is in are counted anew when they are wanted. Call it in the
        transaction that holds the places' rows: so nobody counts between the two.
        """
        places_by_hour: dict[datetime, list[int]] = {}
        for place_id, at in oldest_by_place.items():
            places_by_hour.setdefault(at, []).append(place_id)
        counted = Q(pk__in=[])
        for at, place_ids in places_by_hour.items():
            counted |= Q(place__in=place_ids, until_at__gte=at)
        if places_by_hour:
            self.filter(counted).delete()


class PlaceClimate(models.Model):
    """The totals of one place's CLIMATE_DAYS that end at `until_at`.

    It lies a day back, where sources mend nothing any more: what came since is added, and what
    is too old by now taken off, when a window is built. See forecasting/asking/place_climate.py.
    """

    place = models.OneToOneField(Place, on_delete=models.CASCADE, related_name="climate")
    until_at = models.DateTimeField(help_text=_("The newest hour that is counted."))
    totals = models.JSONField(help_text=_("Whole numbers, in the order of asking/climate.py."))
    counted_at = models.DateTimeField(
        help_text=_(
            "When all hours were counted: real time where the daily repair did it, else "
            "the place's clock."
        ),
    )

    objects = PlaceClimateQuerySet.as_manager()

    class Meta:
        ordering = ["place__name"]

    def __str__(self) -> str:
        return f"{self.place_id} until {self.until_at:%Y-%m-%d %H:%M}"

    def read_totals(self) -> tuple[int, ...]:
        """What another release wrote, too: numbers that are none are left out."""
        stored = read_list(self.totals, f"climate {self.pk}")
        numbers = (as_whole_number(value) for value in stored)
        return tuple(number for number in numbers if number is not None)
