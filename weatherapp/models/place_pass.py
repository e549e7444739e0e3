"""How far a job that goes through all places has come: each tick does some and the next goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from weatherapp.models.place import Place


@dataclass(frozen=True, slots=True)
class Part:
    """Some places of a pass; after the last one the pass is over."""

    place_ids: list[int]
    is_last: bool


def nobody() -> None:
    """Nobody is asked to help."""


class PlacePassManager(models.Manager["PlacePass"]):
    def take_parts(
        self,
        name: str,
        *,
        every: timedelta,
        limit: int,
        now: datetime,
        is_time_up: Callable[[], bool],
        ask_help: Callable[[], None] = nobody,
    ) -> Iterator[Part]:
        """Parts of up to `limit` places until the pass is over or the time is up; one at least.

        Whoever takes one has it alone, so that two workers share a pass: `ask_help` is called once,
        where there is more to do than the first part. What a killed worker had
        is left out until the next pass, and so is a place that always fails.
        """
        is_asked = False
        while (part := self._take(name, every=every, limit=limit, now=now)) is not None:
            if not (is_asked or part.is_last):
                is_asked = True
                ask_help()
            yield part
            if part.is_last or is_time_up():
                return

    def _take(self, name: str, *, every: timedelta, limit: int, now: datetime) -> Part | None:
        """None where the pass is over and the next is not due: one query."""
        row = self.filter(pk=name).first()
        if row is not None and row.rests(every=every, now=now):
            return None
        with transaction.atomic():
            self.get_or_create(pk=name, defaults={"began_at": now})
            row = self.select_for_update().get(pk=name)
            if row.rests(every=every, now=now):  # another worker was quicker
                return None
            return row.advance(limit=limit, now=now)


class PlacePass(models.Model):
    """A row a job. Places are taken by number: those of the last pass's beginning come first."""

    name = models.CharField(primary_key=True, max_length=80)
    began_at = models.DateTimeField(help_text=_("Of this pass, real time."))
    after_place = models.PositiveBigIntegerField(
        default=0, help_text=_("Places up to this number are done.")
    )
    is_over = models.BooleanField(default=False)

    objects = PlacePassManager()

    class Meta:
        verbose_name_plural = _("place passes")

    def __str__(self) -> str:
        return f"{self.name} after {self.after_place}"

    def rests(self, *, every: timedelta, now: datetime) -> bool:
        """One that began in the future did so by a wrong clock, and holds nobody up."""
        return self.is_over and now - every < self.began_at <= now

    def advance(self, *, limit: int, now: datetime) -> Part:
        """The next places, which are taken by that; call it with the row locked."""
        if self.is_over:
            self.began_at, self.after_place, self.is_over = now, 0, False
        rows = Place.objects.filter(pk__gt=self.after_place).order_by("pk")
        ids = list(rows.values_list("pk", flat=True)[:limit])
        self.after_place = ids[-1] if ids else self.after_place
        self.is_over = len(ids) < limit
        self.save()
        return Part(ids, self.is_over)
