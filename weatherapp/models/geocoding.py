"""What Open-Meteo's geocoding said of a name: kept, so that each name is asked for once."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models

KEPT_FOR = timedelta(days=30)
FAILURE_KEPT_FOR = timedelta(minutes=10)
UNANSWERED_FOR = timedelta(minutes=5)  # then its message was lost, and it may be asked again


class GeocodingQuerySet(models.QuerySet["Geocoding"]):
    def ask(self, name: str, *, now: datetime) -> Geocoding | None:
        """The row that is to be looked up; None where an answer is known, or on its way.

        `name` is folded, so that spellings of one name are one.
        """
        row, is_new = self.get_or_create(name=name, defaults={"asked_at": now})
        if is_new:
            return row
        over = self.filter(pk=row.pk, asked_at=row.asked_at) if row.is_over(now) else self.none()
        taken = over.update(asked_at=now, answered_at=None, cities=[], error="")
        return row if taken else None

    def forget_old(self, *, now: datetime) -> None:
        self.filter(asked_at__lt=now - KEPT_FOR).delete()


class Geocoding(models.Model):
    name = models.CharField(max_length=80, unique=True, help_text="As it is compared: folded.")
    asked_at = models.DateTimeField(db_index=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    cities = models.JSONField(default=list, help_text="As intake/geocoding.py writes and reads.")
    error = models.CharField(max_length=500, blank=True, help_text="Why there is no answer.")

    objects = GeocodingQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def is_over(self, now: datetime) -> bool:
        """Whether it may be asked for anew."""
        if self.answered_at is None:
            return now >= self.asked_at + UNANSWERED_FOR
        return now >= self.answered_at + (FAILURE_KEPT_FOR if self.error else KEPT_FOR)

    def is_waiting(self, now: datetime) -> bool:
        return self.answered_at is None and not self.is_over(now)
