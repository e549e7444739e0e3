"""Tallies in the database: one row a source, band and week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from weatherapp.forecasting.pool import Band
from weatherapp.forecasting.tally import Tally
from weatherapp.models import PoolTally

TALLY_FIELDS = tuple(Tally.__dataclass_fields__)


@dataclass(frozen=True, slots=True, order=True)
class TallyKey:
    source: str
    first_lead_hours: int
    week_starts_on: date


def find_week(at: datetime) -> date:
    """The Monday (UTC) of the week of `at`."""
    return at.date() - timedelta(days=at.weekday())


def read_tally(source: str, band: Band) -> Tally:
    """All weeks that are kept, together."""
    whole = Tally()
    rows = PoolTally.objects.filter(source=source, first_lead_hours=band.first_lead_hours)
    for row in rows.order_by("week_starts_on").iterator(chunk_size=4):
        whole.absorb(_to_tally(row))
    return whole


def add_tallies(tallies: Mapping[TallyKey, Tally]) -> None:
    """Add to the stored ones; call it within a transaction."""
    PoolTally.objects.bulk_create(
        [PoolTally(**asdict(key)) for key in sorted(tallies)], ignore_conflicts=True
    )
    # Always in the same order, so that two workers wait for each other instead of dying.
    for key in sorted(tallies):
        row = PoolTally.objects.select_for_update().get(**asdict(key))
        whole = _to_tally(row)
        whole.absorb(tallies[key])
        for name in TALLY_FIELDS:
            setattr(row, name, getattr(whole, name))
        row.save(update_fields=TALLY_FIELDS)


def _to_tally(row: PoolTally) -> Tally:
    return Tally(**{name: getattr(row, name) for name in TALLY_FIELDS})
