"""The area of a message."""

from __future__ import annotations

from django.conf import settings

from weatherapp.domain.sphere import Point
from weatherapp.models import PublishedMessage
from weatherapp.publishing.area import Ring, draw_rings


def rings_of(message: PublishedMessage) -> tuple[Ring, ...]:
    """As its CAP document has them."""
    place = message.alert.place
    return draw_rings(Point(place.latitude, place.longitude), settings.CAP_AREA_KM)
