"""What was asked of a source in its running clock windows: counted for all workers, over restarts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class CallWindow:
    """A clock window that ends at `ends_at`, in which calls may weigh up to `limit` together."""

    length: timedelta
    ends_at: datetime
    limit: float


class SourceCallsManager(models.Manager["SourceCalls"]):
    @transaction.atomic
    def reserve(
        self, source: str, weight: float, windows: Sequence[CallWindow], *, now: datetime
    ) -> CallWindow | None:
        """Count `weight` in all the windows, or in none: then the first in which it does not fit."""
        rows = self._lock(source, windows)
        for window in windows:
            if rows[window.length].used_at(now) + weight > window.limit:
                return window
        for window in windows:
            row = rows[window.length]
            row.used, row.ends_at = row.used_at(now) + weight, window.ends_at
        self.bulk_update(rows.values(), ["used", "ends_at"])
        return None

    def give_back(self, source: str, weight: float, *, now: datetime) -> None:
        """Uncount it in the windows that still run."""
        rows = self.filter(source=source, ends_at__gt=now)
        rows.update(used=Greatest(F("used") - weight, 0.0))

    def read_used(self, source: str, length: timedelta, *, now: datetime) -> float:
        row = self.filter(source=source, window_s=int(length.total_seconds())).first()
        return row.used_at(now) if row else 0.0

    def _lock(self, source: str, windows: Sequence[CallWindow]) -> Mapping[timedelta, SourceCalls]:
        lengths = [window.length for window in windows]
        rows = self._lock_known(source, lengths)
        if len(rows) < len(lengths):  # the first call of all
            self.bulk_create(
                [
                    SourceCalls(
                        source=source,
                        window_s=int(window.length.total_seconds()),
                        ends_at=window.ends_at,
                    )
                    for window in windows
                ],
                ignore_conflicts=True,
            )
            rows = self._lock_known(source, lengths)
        return rows

    def _lock_known(
        self, source: str, lengths: Sequence[timedelta]
    ) -> dict[timedelta, SourceCalls]:
        seconds = [int(length.total_seconds()) for length in lengths]
        rows = self.select_for_update().filter(source=source, window_s__in=seconds)
        return {timedelta(seconds=row.window_s): row for row in rows.order_by("window_s")}


class SourceCalls(models.Model):
    """One clock window of one source."""

    source = models.CharField(max_length=20)
    window_s = models.PositiveIntegerField(help_text=_("How long the window is, in seconds."))
    ends_at = models.DateTimeField(help_text=_("From then on nothing is used (real time)."))
    used = models.FloatField(default=0.0, help_text=_("By weight."))

    objects = SourceCallsManager()

    class Meta:
        verbose_name_plural = _("source calls")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "window_s"], name="one_count_a_source_and_window"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.window_s} s: {self.used:.0f}"

    def used_at(self, now: datetime) -> float:
        """Nothing of a window that is over, nor of one that a wrong clock has put into the future."""
        is_running = now < self.ends_at <= now + timedelta(seconds=self.window_s)
        return self.used if is_running else 0.0
