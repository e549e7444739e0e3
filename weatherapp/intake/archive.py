"""What a source keeps of the past by itself: nobody needs to have watched the place then."""

from __future__ import annotations

from weatherapp.domain.series import Series
from weatherapp.intake.scenes.table import load_table
from weatherapp.models import Place


def read_archive(place: Place) -> Series | None:
    """All hours of a replay's station, also those that its scene has not come to; else None."""
    station = load_table().get(place.station) if place.is_replay else None
    return Series(station.first_at, station.read_columns()) if station else None
