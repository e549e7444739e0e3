"""What of a warning's changes is worth a row, and which of them people are told. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from weatherapp.models import EndReason, OfficialReason
from weatherapp.official.same import View

# A shift by less is not worth a word; by the end as last told, so that many small ones add up.
MATERIAL = timedelta(minutes=30)

TOLD = frozenset(
    {
        OfficialReason.ISSUED,
        OfficialReason.SPREAD,
        OfficialReason.ESCALATED,
        OfficialReason.EXTENDED,
        OfficialReason.CANCELLED,
    }
)


def find_change(
    before: View | None, after: View, *, told_ends_at: datetime | None
) -> OfficialReason | None:
    """What became of a warning; None where nothing that matters did. `before` is None at the first."""
    if after.ended_at is not None:
        is_new = before is not None and before.ended_at is None
        return OfficialReason[EndReason(after.ended_because).name] if is_new else None
    if before is None or before.ended_at is not None:
        return OfficialReason.ISSUED
    if after.rank != before.rank:
        return OfficialReason.ESCALATED if after.rank > before.rank else OfficialReason.REDUCED
    return _compare_ends(told_ends_at, after.ends_at)


def _compare_ends(told: datetime | None, ends_at: datetime | None) -> OfficialReason | None:
    if told == ends_at:
        return None
    if ends_at is None or (told is not None and ends_at - told >= MATERIAL):
        return OfficialReason.EXTENDED
    if told is None or told - ends_at >= MATERIAL:
        return OfficialReason.SHORTENED
    return None
