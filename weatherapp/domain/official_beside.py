"""Which official warnings are of the same kind and the same hours as an alert of ours. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from weatherapp.domain.official_hazards import OfficialHazard, are_alike


class Told(Protocol):
    """What an authority says of one danger. Without an end it goes on."""

    hazard: str
    onset_at: datetime
    ends_at: datetime | None


class Standing(Protocol):
    """A warning with what each of its issuers says, at least one; official/reading.py gives them."""

    @property
    def events(self) -> Sequence[Told]: ...


S = TypeVar("S", bound=Standing)


def find_beside(
    hazard: str, onset_at: datetime, ends_at: datetime | None, standings: Iterable[S]
) -> tuple[S, ...]:
    """In their order. `hazard` and the times are the alert's, by the clock that the warnings go by.

    Without an end, the alert is taken to go on.
    """
    return tuple(
        standing
        for standing in standings
        if any(is_beside(hazard, onset_at, ends_at, event) for event in standing.events)
    )


def is_beside(hazard: str, onset_at: datetime, ends_at: datetime | None, told: Told) -> bool:
    """Whether what is told may be of the same weather. What has no kind is like nothing."""
    return (
        hazard != OfficialHazard.GENERIC
        and are_alike(hazard, told.hazard)
        and _begins_in_time(onset_at, told.ends_at)
        and _begins_in_time(told.onset_at, ends_at)
    )


def _begins_in_time(onset_at: datetime, ends_at: datetime | None) -> bool:
    """Spans that only touch have no hour in common; what lasts no time at all is within the other."""
    return ends_at is None or onset_at < ends_at
