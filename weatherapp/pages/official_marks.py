"""Which official warnings stand at a place, as the mark of its page says without another query."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from weatherapp.domain.cap import Severity


@dataclass(frozen=True, slots=True)
class OfficialMark:
    severity: Severity  # the gravest
    count: int  # of warnings, however many issuers each has


def read_mark(official: str, now: datetime) -> OfficialMark | None:
    """`official` as versions.Version has it; None where nothing is in force or to come."""
    standing = list(_list_standing(official, now))
    if not standing:
        return None
    gravest = max((Severity(severity) for _, severity in standing), key=lambda one: one.rank)
    return OfficialMark(gravest, len({warning_id for warning_id, _ in standing}))


def _list_standing(official: str, now: datetime) -> Iterator[tuple[int, str]]:
    rows: list[list[Any]] = json.loads(f"[{official}]")
    for warning_id, severity, _, ends_at, *_ in rows:
        if ends_at is None or _read_time(ends_at) > now:
            yield warning_id, severity


def _read_time(written: str) -> datetime:
    """As either database writes it; without a zone it is UTC."""
    at = datetime.fromisoformat(written)
    return at if at.tzinfo else at.replace(tzinfo=UTC)
