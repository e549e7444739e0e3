"""When each of the clock's ticks was last done."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class TickRunManager(models.Manager["TickRun"]):
    def begin(self, name: str, *, every: timedelta, now: datetime, pause: timedelta) -> bool:
        """Note the start of a run; False where another began less than a `pause` ago.

        One that began in the future did so by a clock that was wrong, and holds nobody up.
        """
        free = Q(started_at__lte=now - pause) | Q(started_at__gt=now)
        row = {"started_at": now, "every_s": every.total_seconds()}
        if self.filter(free, pk=name).update(**row):
            return True
        _, is_new = self.get_or_create(pk=name, defaults=row)
        return is_new

    def finish(self, name: str, *, now: datetime) -> None:
        self.filter(pk=name).update(finished_at=now, failed_at=None, error="")

    def fail(self, name: str, error: str, *, now: datetime) -> None:
        """`error` is the name of its kind: texts of errors hold addresses and secrets."""
        self.filter(pk=name).update(failed_at=now, error=error[:80])

    def is_running(self, name: str) -> bool:
        """Whether its last run has not ended yet; one whose worker was killed never does."""
        ended = Q(finished_at__gte=F("started_at")) | Q(failed_at__gte=F("started_at"))
        return self.filter(pk=name).exclude(ended).exists()

    def forget_others(self, names: set[str]) -> None:
        """Ticks of an older release, which nobody does any more, are not late."""
        self.exclude(pk__in=names).delete()


class TickRun(models.Model):
    """A row a kind of tick."""

    name = models.CharField(primary_key=True, max_length=80)
    every_s = models.FloatField(help_text=_("The pause between two ticks."))
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Last run that went well.")
    )
    failed_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Last run that did not; empty again after a good one.")
    )
    error = models.CharField(max_length=80, blank=True, help_text=_("The kind of that failure."))

    objects = TickRunManager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
