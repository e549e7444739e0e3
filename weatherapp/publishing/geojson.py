"""A feed as GeoJSON (RFC 7946) and as JSON Feed 1.1."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from weatherapp.models import PublishedMessage
from weatherapp.publishing.feed import Feed, cap_address, page_address
from weatherapp.publishing.rings import rings_of


def describe_geojson(feed: Feed, *, with_areas: bool) -> dict[str, Any]:
    """A feature an alert, whose id stays while it lives: a point, or with `with_areas` its polygon."""
    return {
        "type": "FeatureCollection",
        "title": feed.title,
        "updated": write_time(feed.updated_at),
        "features": [_describe_feature(feed, one, with_areas) for one in feed.messages],
    }


def describe_json_feed(feed: Feed) -> dict[str, Any]:
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "language": feed.language,
        "authors": [{"name": settings.SITE_NAME, "url": settings.SITE_URL + "/"}],
        "items": [_describe_item(feed, one) for one in feed.messages],
    }


def _describe_feature(feed: Feed, message: PublishedMessage, with_areas: bool) -> dict[str, Any]:
    place = message.alert.place
    return {
        "type": "Feature",
        "id": str(message.alert.public_id),
        "geometry": _draw(message) if with_areas else make_point(place.longitude, place.latitude),
        "properties": {
            "title": feed.text(message).headline,
            "description": feed.text(message).description,
            "instruction": feed.text(message).instruction,
            "event": feed.text(message).event,
            "place": place.name,
            "place_id": place.pk,
            "hazard": message.alert.hazard,
            "status": message.status,
            "message_type": message.message_type,
            "severity": message.severity,
            "urgency": message.urgency,
            "certainty": message.certainty,
            "sent": write_time(message.sent_at),
            "onset": write_time(message.onset_at),
            "ends": write_time(message.ends_at),
            "expires": write_time(message.expires_at),
            "identifier": message.identifier,
            "url": page_address(message),
            "cap": cap_address(message),
        },
    }


def _describe_item(feed: Feed, message: PublishedMessage) -> dict[str, Any]:
    text = feed.text(message)
    return {
        "id": cap_address(message),
        "url": page_address(message),
        "title": text.headline,
        "content_text": text.description,
        "date_published": write_time(message.sent_at),
        "tags": [message.severity, message.alert.place.name],
    }


def make_point(longitude: float, latitude: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [longitude, latitude]}


def _draw(message: PublishedMessage) -> dict[str, Any]:
    """Over the 180th meridian two polygons, as RFC 7946 wants it; no MultiPolygon, which some drop."""
    polygons = [
        {"type": "Polygon", "coordinates": [[[point.longitude, point.latitude] for point in ring]]}
        for ring in rings_of(message)
    ]
    if len(polygons) == 1:
        return polygons[0]
    return {"type": "GeometryCollection", "geometries": polygons}


def write_time(at: datetime | None) -> str | None:
    return at.astimezone(UTC).replace(microsecond=0).isoformat() if at else None
