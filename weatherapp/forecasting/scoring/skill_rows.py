"""Skill counts in the database: a few rows a place and year, and those of all places together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.db.models import Max, Q

from weatherapp.forecasting.scoring.skill import BINS, SkillSums
from weatherapp.models import SkillCount

SUMS = tuple(field.name for field in fields(SkillSums))


@dataclass(frozen=True, slots=True)
class SkillKey:
    """`place_id` None: all places together."""

    place_id: int | None
    year: int
    source: str
    first_lead_hours: int

    @property
    def order(self) -> tuple[Any, ...]:
        """Always the same, so that two workers wait for each other instead of dying."""
        return (self.place_id or 0, self.year, self.source, self.first_lead_hours)

    def of_all(self) -> SkillKey:
        return SkillKey(None, self.year, self.source, self.first_lead_hours)


def add_skill(counted: Mapping[SkillKey, SkillSums]) -> None:
    """Add to the stored ones, and to those of all places; call it within a transaction.

    A few queries, however many places there are.
    """
    whole: dict[SkillKey, SkillSums] = {}
    for key, sums in counted.items():
        for each in (key, key.of_all()):
            whole.setdefault(each, SkillSums()).absorb(sums)
    if not whole:
        return
    keys = sorted(whole, key=lambda key: key.order)
    SkillCount.objects.bulk_create(
        [SkillCount(**asdict(key), **_find_reach(whole[key])) for key in keys],
        ignore_conflicts=True,
    )
    rows = _lock(keys)
    for row in rows:
        row_key = SkillKey(row.place_id, row.year, row.source, row.first_lead_hours)
        if row_key in whole:
            sums = read_sums(row)
            sums.absorb(whole[row_key])
            for name in SUMS:
                setattr(row, name, getattr(sums, name))
    SkillCount.objects.bulk_update(rows, SUMS, batch_size=50)


def read_sums(row: SkillCount) -> SkillSums:
    sums = {name: getattr(row, name) for name in SUMS if name != "bins"}
    # A new row has no bins, and one of another release may have others.
    return SkillSums(**sums, bins=[*row.read_bins(), *[(0, 0.0, 0)] * BINS][:BINS])


def add_up(rows: Iterable[SkillCount]) -> SkillSums:
    whole = SkillSums()
    for row in rows:
        whole.absorb(read_sums(row))
    return whole


def forget_old_skill() -> None:
    """Two years are kept: the newest of which anything is known, and the one before."""
    newest = SkillCount.objects.aggregate(newest=Max("year"))["newest"]
    if newest is not None:
        SkillCount.objects.filter(year__lt=newest - 1).delete()


def _find_reach(sums: SkillSums) -> dict[str, Any]:
    return {"since_at": sums.since_at, "until_at": sums.until_at}


def _lock(keys: Iterable[SkillKey]) -> list[SkillCount]:
    places = {key.place_id for key in keys if key.place_id is not None}
    years = {key.year for key in keys}
    rows = SkillCount.objects.filter(Q(place__in=places) | Q(place=None), year__in=years)
    return list(rows.select_for_update().order_by("place_id", "pk"))
