"""What PredictionRequest.window holds: the message of predictor/contract.py, as it was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from predictor.contract import FEATURES
from weatherapp.models.stored import as_number, read_list, read_object

Row = tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class SentWindow:
    """What the message did not say is absent or None."""

    latitude: float | None
    longitude: float | None
    climate: Mapping[str, float | None]
    hours: list[object]

    @classmethod
    def empty(cls) -> SentWindow:
        """Of one that is no longer kept."""
        return cls(latitude=None, longitude=None, climate={}, hours=[])

    def list_rows(self) -> tuple[Row, ...]:
        """(hours, len(FEATURES))"""
        return tuple(_parse_row(hour) for hour in self.hours)


def parse_sent_window(stored: object, row: str) -> SentWindow:
    facts = read_object(stored, row)
    climate = read_object(facts.get("climate") or {}, row)
    return SentWindow(
        latitude=as_number(facts.get("latitude")),
        longitude=as_number(facts.get("longitude")),
        climate={name: as_number(value) for name, value in climate.items()},
        hours=read_list(facts.get("hours") or [], row),
    )


def _parse_row(stored: object) -> Row:
    values = stored if isinstance(stored, list) else []
    known = [as_number(value) for value in values]
    return tuple([*known, *(None,) * len(FEATURES)][: len(FEATURES)])
