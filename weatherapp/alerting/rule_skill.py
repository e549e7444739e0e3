"""How good each rule was, in the database: a row a place, version and year, and those of all places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from django.db.models import Max, Q

from weatherapp.alerting.engine.verification import Verified
from weatherapp.domain.spans import HOUR
from weatherapp.models import RuleSkill
from weatherapp.models.stored import as_count, read_object

NUMBERS = ("hits", "false_alarms", "unknown", "events", "caught", "late")
MOST = 10**9


@dataclass(frozen=True, slots=True)
class RuleKey:
    """`place_id` None: all places together."""

    place_id: int | None
    version_id: int
    year: int

    @property
    def order(self) -> tuple[Any, ...]:
        return (self.place_id or 0, self.version_id, self.year)


@dataclass(frozen=True, slots=True)
class RuleSums:
    """`leads` counts the caught events, by whole hours from the alert's raising to their beginning."""

    hits: int = 0
    false_alarms: int = 0
    unknown: int = 0
    events: int = 0
    caught: int = 0
    late: int = 0
    leads: Counter[int] = field(default_factory=Counter)

    @property
    def alerts(self) -> int:
        """Those that could be judged."""
        return self.hits + self.false_alarms

    @property
    def misses(self) -> int:
        return self.events - self.caught - self.late

    @property
    def median_lead_hours(self) -> float | None:
        return float(median(self.leads.elements())) if self.leads else None

    def __add__(self, other: RuleSums) -> RuleSums:
        sums = {name: getattr(self, name) + getattr(other, name) for name in NUMBERS}
        return RuleSums(**sums, leads=self.leads + other.leads)


def sum_verified(verified: Verified) -> RuleSums:
    return RuleSums(
        hits=verified.hits,
        false_alarms=verified.false_alarms,
        unknown=verified.unknown,
        events=verified.events,
        caught=len(verified.leads),
        late=verified.late,
        leads=Counter(lead // HOUR for lead in verified.leads),
    )


def add_verified(found: Mapping[RuleKey, Verified]) -> None:
    """Add to the stored ones, and to those of all places; call it within a transaction."""
    add_rule_sums({key: sum_verified(verified) for key, verified in found.items()})


def add_rule_sums(counted: Mapping[RuleKey, RuleSums]) -> None:
    """As add_verified."""
    whole: dict[RuleKey, RuleSums] = {}
    for key, sums in counted.items():
        for each in (key, RuleKey(None, key.version_id, key.year)):
            whole[each] = whole.get(each, RuleSums()) + sums
    if not whole:
        return
    keys = sorted(whole, key=lambda key: key.order)
    RuleSkill.objects.bulk_create([RuleSkill(**asdict(key)) for key in keys], ignore_conflicts=True)
    rows = _lock(keys)
    for row in rows:
        key = RuleKey(row.place_id, row.version_id, row.year)
        if key in whole:
            sums = read_rule_sums(row) + whole[key]
            for name in NUMBERS:
                setattr(row, name, getattr(sums, name))
            row.leads = {str(hours): count for hours, count in sorted(sums.leads.items())}
    RuleSkill.objects.bulk_update(rows, [*NUMBERS, "leads"], batch_size=50)


def read_rule_sums(row: RuleSkill) -> RuleSums:
    """Also what another release wrote."""
    leads = parse_leads(read_object(row.leads, f"rule skill {row.pk}"))
    return RuleSums(**{name: getattr(row, name) for name in NUMBERS}, leads=leads)


def parse_leads(stored: Mapping[str, object]) -> Counter[int]:
    """By whole hours; what is no number is left out."""
    return Counter(
        {
            int(hours): count
            for hours, stored_count in stored.items()
            if hours.isdecimal() and (count := as_count(stored_count, MOST))
        }
    )


def forget_old_rule_skill() -> None:
    """Two years are kept: the newest of which anything is known, and the one before."""
    newest = RuleSkill.objects.aggregate(newest=Max("year"))["newest"]
    if newest is not None:
        RuleSkill.objects.filter(year__lt=newest - 1).delete()


def _lock(keys: Iterable[RuleKey]) -> list[RuleSkill]:
    """Always in the same order, so that two workers wait for each other instead of dying."""
    places = {key.place_id for key in keys if key.place_id is not None}
    versions = {key.version_id for key in keys}
    rows = RuleSkill.objects.filter(
        Q(place__in=places) | Q(place=None), version__in=versions, year__in={k.year for k in keys}
    )
    return list(rows.select_for_update().order_by("place_id", "pk"))
