"""The area of a message."""

from __future__ import annotations

from weatherapp.domain.sphere import Point
from weatherapp.models import PublishedMessage
from weatherapp.publishing.area import Ring, draw_rings

REACH_KM = 10.0  # what a forecast of a place is about


def rings_of(message: PublishedMessage) -> tuple[Ring, ...]:
    """As its CAP document has them."""
    place = message.alert.place
    return draw_rings(Point(place.latitude, place.longitude), REACH_KM)
