"""How often somebody may do something: token buckets that hold across processes and restarts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Limit:
    """So many at once, and one more after each pause; `name` says of what."""

    name: str
    burst: int
    every: timedelta

    def refill(self, tokens: float, elapsed: timedelta) -> float:
        """A clock that was set back takes nothing away."""
        return min(tokens + max(elapsed / self.every, 0.0), float(self.burst))


class TooManyRequestsError(RuntimeError):
    """Somebody asked too often; `retry_after_s` says when to ask again."""

    def __init__(self, limit: Limit, retry_after_s: float) -> None:
        super().__init__(f"too many of {limit.name}; again in {retry_after_s:.0f} s")
        self.limit = limit
        self.retry_after_s = retry_after_s


class BudgetManager(models.Manager["Budget"]):
    @transaction.atomic
    def spend(self, *spendings: tuple[Limit, str], now: datetime) -> None:
        """Take a token from each (limit, holder), or from none of them; holders are keyed hashes.

        Raises TooManyRequestsError of the limit that lasts longest.
        """
        refusals = [
            refusal
            for limit, holder in sorted(spendings, key=lambda one: (one[0].name, one[1]))
            if (refusal := self._spend_one(limit, holder, now))
        ]
        if refusals:
            raise max(refusals, key=lambda refusal: refusal.retry_after_s)

    def forget_full(self, *, now: datetime) -> None:
        """Delete the buckets that are full again: they say nothing."""
        self.filter(full_at__lte=now).delete()

    def _spend_one(self, limit: Limit, holder: str, now: datetime) -> TooManyRequestsError | None:
        """What was taken here is given back by the rollback, where another limit says no."""
        full = Budget(
            limit=limit.name, holder=holder, tokens=limit.burst, counted_at=now, full_at=now
        )
        self.bulk_create([full], ignore_conflicts=True)
        budget = self.select_for_update().get(limit=limit.name, holder=holder)
        tokens = limit.refill(budget.tokens, now - budget.counted_at)
        if tokens < 1:
            return TooManyRequestsError(limit, (1 - tokens) * limit.every.total_seconds())
        budget.tokens, budget.counted_at = tokens - 1, now
        budget.full_at = now + (limit.burst - budget.tokens) * limit.every
        budget.save()
        return None


class Budget(models.Model):
    """One token bucket; a row that would be full again may be deleted."""

    limit = models.CharField(max_length=40, help_text=_("Of what: the limit's name."))
    holder = models.CharField(max_length=64, help_text=_("A keyed hash: no address is stored."))
    tokens = models.FloatField(help_text=_("As of `counted_at`; they grow back with time."))
    counted_at = models.DateTimeField()
    full_at = models.DateTimeField(db_index=True, help_text=_("From then on the row says nothing."))

    objects = BudgetManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["limit", "holder"], name="one_budget_a_limit_and_holder"
            )
        ]

    def __str__(self) -> str:
        return f"{self.limit} of {self.holder[:8]}: {self.tokens:.1f}"
