"""A rule as the engine knows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from weatherapp.domain.cap import LEVELS, Severity
from weatherapp.domain.conditions import Basis, Condition, Level

MOST_CONDITIONS = 3


class NoDataPolicy(StrEnum):
    """What becomes of an open alert whose facts are missing."""

    SAY = "SAY"  # it is "no data", and expires when that lasts
    KEEP = "KEEP"  # it stays as it was, and expires when that lasts
    END = "END"  # it ends at once


@dataclass(frozen=True)  # no slots: what is asked at every evaluation is worked out once
class Rule:
    """One to three conditions that must all hold, and how patient to be about it.

    `pending_evaluations` and `pending_minutes` both must be over before an alert is raised;
    `keep_firing_minutes` before it ends; `rearm_minutes` after it before the next one. `months` and
    the local hours from `from_hour` up to `to_hour` (which may be past midnight) are when alerts
    may be raised; empty and None: always. Forecasts are looked at from `lead_from_hours` on.
    """

    conditions: tuple[Condition, ...]
    pending_evaluations: int = 1
    pending_minutes: int = 0
    keep_firing_minutes: int = 0
    rearm_minutes: int = 0
    lead_from_hours: int = 0
    months: frozenset[int] = frozenset()
    from_hour: int | None = None
    to_hour: int | None = None
    no_data_policy: NoDataPolicy = NoDataPolicy.SAY

    @cached_property
    def severities(self) -> tuple[Severity, ...]:
        """All that its alerts can have, lowest first."""
        own = {level.severity for condition in self.conditions for level in condition.levels}
        return tuple(severity for severity in LEVELS if severity in own)

    @cached_property
    def ladder(self) -> tuple[tuple[Severity, tuple[Level | None, ...]], ...]:
        """What each severity asks of each condition, the worst first."""
        return tuple(
            (severity, tuple(condition.level_at(severity) for condition in self.conditions))
            for severity in reversed(self.severities)
        )

    @cached_property
    def bases(self) -> frozenset[Basis]:
        return frozenset(condition.basis for condition in self.conditions)

    @property
    def pending_period(self) -> timedelta:
        return timedelta(minutes=self.pending_minutes)

    @property
    def keep_firing_for(self) -> timedelta:
        return timedelta(minutes=self.keep_firing_minutes)

    @property
    def rearm_after(self) -> timedelta:
        return timedelta(minutes=self.rearm_minutes)

    def is_in_season(self, local_at: datetime) -> bool:
        """Whether an alert may be raised then, by the place's own calendar and clock."""
        if self.months and local_at.month not in self.months:
            return False
        if self.from_hour is None or self.to_hour is None:
            return True
        if self.from_hour < self.to_hour:
            return self.from_hour <= local_at.hour < self.to_hour
        return local_at.hour >= self.from_hour or local_at.hour < self.to_hour
