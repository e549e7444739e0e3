"""A rule tried on the past: what was asked for, who works on it, and what came out."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from weatherapp.models.place import Place
from weatherapp.models.rule import Rule

# A worker renews its claim each second: one that has not for so long is gone.
LEASE = timedelta(minutes=2)
# The queue's message may be lost: after this time a tick sends another one.
PATIENCE = timedelta(minutes=1)


class BacktestState(models.TextChoices):
    WAITING = "WAITING", _("waiting for its turn")
    RUNNING = "RUNNING", _("running")
    DONE = "DONE", _("done")
    FAILED = "FAILED", _("failed")
    CANCELLED = "CANCELLED", _("cancelled")


UNFINISHED = (BacktestState.WAITING, BacktestState.RUNNING)


class BacktestError(models.TextChoices):
    """Why one failed."""

    UNREADABLE = "UNREADABLE", _("the rule cannot be read")
    BROKEN = "BROKEN", _("an error in the program")
    KILLED = "KILLED", _("its worker died again and again")


class BacktestQuerySet(models.QuerySet["Backtest"]):
    def unfinished(self) -> BacktestQuerySet:
        return self.filter(state__in=UNFINISHED)

    def overdue(self, now: datetime) -> BacktestQuerySet:
        """Unfinished ones that nobody seems to work on."""
        return self.unfinished().filter(take_up_at__lte=now)

    def claim(self, pk: int, *, now: datetime) -> Backtest | None:
        """The row, for LEASE the caller's alone; None where somebody has it, or it is over."""
        free = Q(state=BacktestState.WAITING) | Q(state=BacktestState.RUNNING, take_up_at__lte=now)
        claim = uuid.uuid4()
        self.filter(free, pk=pk).update(
            state=BacktestState.RUNNING,
            claim=claim,
            take_up_at=now + LEASE,
            attempts=F("attempts") + 1,
            started_at=Coalesce("started_at", now),
        )
        return self.filter(pk=pk, claim=claim).first()

    def await_answers(self, pk: int, *, now: datetime) -> bool:
        """It waits for the predictor; True, for who says so in turn."""
        self.filter(pk=pk, state=BacktestState.WAITING).update(
            take_up_at=now + PATIENCE, started_at=Coalesce("started_at", now)
        )
        return True

    def cancel(self, pk: int, *, now: datetime) -> None:
        """At once where it waits, else as soon as its worker hears of it."""
        waiting = self.filter(pk=pk, state=BacktestState.WAITING)
        if not waiting.update(
            state=BacktestState.CANCELLED, take_up_at=None, finished_at=now, cancel_wished_at=now
        ):
            self.filter(pk=pk, state=BacktestState.RUNNING).update(cancel_wished_at=now)


class Backtest(models.Model):
    """One try. Its places are worked off one after the other: see BacktestStretch.

    Whoever works on it holds `claim`, and loses it when `take_up_at` passes: then another may.
    """

    name = models.CharField(_("name"), max_length=80, help_text=_("The rule's."))
    rule = models.ForeignKey(
        Rule,
        verbose_name=_("rule"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="backtests",
    )
    variants = models.JSONField(
        _("variants"),
        help_text=_(
            "Rules as alerting/engine/wire.py writes them, by steps of their thresholds: the "
            "rule as it was tried is step 0."
        ),
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=BacktestState, default=BacktestState.WAITING
    )
    hours_total = models.PositiveIntegerField(
        _("hours in all"), help_text=_("Of all places together.")
    )
    hours_done = models.PositiveIntegerField(_("hours done"), default=0)
    cancel_wished_at = models.DateTimeField(_("cancel asked for at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True, db_index=True)
    take_up_at = models.DateTimeField(
        _("claimed until"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("Until then somebody works on it, or a message about it is on the queue."),
    )
    claim = models.UUIDField(_("claim"), null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(
        _("attempts"), default=0, help_text=_("Beginnings since a place was done last.")
    )
    error = models.CharField(_("error"), max_length=10, choices=BacktestError, blank=True)
    error_message = models.CharField(_("error message"), max_length=500, blank=True)

    objects = BacktestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("try on the past")
        verbose_name_plural = _("tries on the past")
        constraints = [
            models.CheckConstraint(
                name="backtest_running_is_claimed",
                condition=Q(state="RUNNING", claim__isnull=False)
                | (~Q(state="RUNNING") & Q(claim__isnull=True)),
            ),
            models.CheckConstraint(
                name="backtest_finished_at_matches_state",
                condition=Q(
                    state__in=["WAITING", "RUNNING"],
                    finished_at__isnull=True,
                    take_up_at__isnull=False,
                )
                | Q(
                    state__in=["DONE", "FAILED", "CANCELLED"],
                    finished_at__isnull=False,
                    take_up_at__isnull=True,
                ),
            ),
            models.CheckConstraint(
                name="backtest_error_matches_state",
                condition=Q(state="FAILED", error__gt="") | (~Q(state="FAILED") & Q(error="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.created_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("admin:weatherapp_backtest_change", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.state not in UNFINISHED

    def go_on(self, hours_done: int, *, now: datetime) -> bool:
        """Note the progress and keep the claim; False where it was lost, or somebody cancelled."""
        held = self._held().filter(cancel_wished_at__isnull=True)
        return held.update(hours_done=hours_done, take_up_at=now + LEASE) == 1

    def store(self, stretch: BacktestStretch, result: object, *, now: datetime) -> bool:
        """One place is done, once; False where the claim was lost."""
        if not self._held().update(attempts=0, take_up_at=now + LEASE):
            return False
        rows = BacktestStretch.objects.filter(pk=stretch.pk)
        rows.update(result=result, finished_at=now)
        return True

    def give_back(self, *, now: datetime) -> bool:
        """Others get their turn; False where the claim was lost, or nobody wants it any more."""
        held = self._held().filter(cancel_wished_at__isnull=True)
        return held.update(state=BacktestState.WAITING, claim=None, take_up_at=now + PATIENCE) == 1

    def finish(self, state: BacktestState, *, now: datetime, **fields: str | int) -> None:
        """Nothing where the claim was lost."""
        self._held().update(state=state, claim=None, take_up_at=None, finished_at=now, **fields)

    def _held(self) -> BacktestQuerySet:
        return Backtest.objects.filter(pk=self.pk, state=BacktestState.RUNNING, claim=self.claim)


class BacktestStretch(models.Model):
    """One place of a try, and the hours of it that are played: those in (after_at, until_at]."""

    backtest = models.ForeignKey(Backtest, on_delete=models.CASCADE, related_name="stretches")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="+")
    after_at = models.DateTimeField(help_text=_("By the place's clock."))
    until_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True, help_text=_("See alerting/tried.py."))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["backtest", "place"], name="one_stretch_a_place"),
            models.CheckConstraint(
                name="stretch_has_hours", condition=Q(until_at__gt=F("after_at"))
            ),
            models.CheckConstraint(
                name="stretch_finished_has_result",
                condition=Q(finished_at__isnull=True, result__isnull=True)
                | Q(finished_at__isnull=False, result__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.backtest_id} at {self.place_id}"

    @property
    def hours(self) -> int:
        return (self.until_at - self.after_at) // timedelta(hours=1)
