"""The authorities' warnings as GeoJSON (RFC 7946) and as JSON Feed 1.1, with issuer, licence and source.

Beside them stands how their sources are: where one is silent, or none is asked, an empty list says nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from weatherapp.domain.sphere import Point
from weatherapp.models import OfficialEvent, WarningSource
from weatherapp.publishing.area import draw_rings
from weatherapp.publishing.geojson import make_point, write_time
from weatherapp.publishing.warnings import Handed

MOST_SHAPES = 50  # of a warning: hundreds of municipalities are a map's work, and not a feed's


@dataclass(frozen=True, slots=True)
class WarningFeed:
    """`silent` are keys of sources that were not heard of for too long; `now` is real time."""

    title: str
    address: str
    page: str
    language: str
    site_url: str
    warnings: Sequence[Handed]
    sources: Sequence[WarningSource]
    silent: Collection[str]
    now: datetime

    @property
    def is_complete(self) -> bool:
        """Whether nothing of what is asked for may be missing; without any source nobody knows."""
        return bool(self.sources) and not self.silent


def describe_geojson(feed: WarningFeed, *, with_areas: bool) -> dict[str, Any]:
    """A feature a warning, whose id stays: the places of this site that it is at, or with `with_areas`
    its area as the authority draws it, where it does."""
    return {
        "type": "FeatureCollection",
        "title": feed.title,
        **_describe_standing(feed),
        "features": [_describe_feature(feed, one, with_areas) for one in feed.warnings],
    }


def describe_json_feed(feed: WarningFeed) -> dict[str, Any]:
    """What JSON Feed has no name for begins with an underscore."""
    standing = {f"_{name}": value for name, value in _describe_standing(feed).items()}
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.address,
        "language": feed.language,
        **standing,
        "items": [_describe_item(feed, one) for one in feed.warnings],
    }


def _describe_standing(feed: WarningFeed) -> dict[str, Any]:
    return {
        "complete": feed.is_complete,
        "sources": [_describe_source(feed, source) for source in feed.sources],
    }


def _describe_source(feed: WarningFeed, source: WarningSource) -> dict[str, Any]:
    return {
        "key": source.key,
        "issuer": source.issuer,
        "countries": source.countries.split(),
        "licence": source.licence,
        "attribution": source.attribution,
        "last_success": write_time(source.succeeded_at),
        "silent": source.key in feed.silent,
        "problem": source.problem or None,
    }


def _describe_feature(feed: WarningFeed, one: Handed, with_areas: bool) -> dict[str, Any]:
    text, warning = _pick_text(one.event, feed.language), one.warning
    shapes = list(_draw(one)) if with_areas else []
    points = [make_point(place.longitude, place.latitude) for place in one.places]
    return {
        "type": "Feature",
        "id": str(warning.public_id),
        "geometry": _collect(shapes or points),
        "properties": {
            "title": _find_title(text, one),
            "description": text.get("description", ""),
            "instruction": text.get("instruction", ""),
            "language": text.get("language"),
            "event": text.get("event", ""),
            "hazard": warning.hazard,
            "severity": warning.severity,
            "urgency": one.event.urgency,
            "certainty": one.event.certainty,
            "issuer": one.event.issuer,
            "licence": one.event.source.licence,
            "attribution": one.event.source.attribution,
            "sent": write_time(one.event.sent_at),
            "onset": write_time(warning.onset_at),
            "ends": write_time(warning.ends_at),
            "in_force": warning.onset_at <= feed.now,
            "url": feed.site_url + warning.get_absolute_url(),
            "issuer_url": _find_link(text) or None,
            "areas": one.event.areas,
            "places": [{"id": place.pk, "name": place.name} for place in one.places],
            "places_count": one.places_count,
            "told_by": [_describe_teller(event) for event in one.events],
        },
    }


def _describe_teller(event: OfficialEvent) -> dict[str, Any]:
    return {
        "source": event.source.key,
        "issuer": event.issuer,
        "licence": event.source.licence,
        "attribution": event.source.attribution,
        "severity": event.severity,
        "sent": write_time(event.sent_at),
        "identifiers": event.identifiers,
    }


def _describe_item(feed: WarningFeed, one: Handed) -> dict[str, Any]:
    text, source = _pick_text(one.event, feed.language), one.event.source
    told = (text.get("description", ""), text.get("instruction", ""), source.attribution)
    item = {
        "id": str(one.warning.public_id),
        "url": feed.site_url + one.warning.get_absolute_url(),
        "title": _find_title(text, one),
        "content_text": "\n\n".join(filter(None, told)),
        "date_published": write_time(one.event.sent_at),
        "date_modified": write_time(one.warning.changed_at),
        "authors": [{"name": event.issuer} for event in one.events],
        "tags": [one.warning.severity, one.warning.hazard],
        "_licence": source.licence,
        "_attribution": source.attribution,
    }
    if text.get("language"):
        item["language"] = text["language"]
    if link := _find_link(text):
        item["external_url"] = link
    return item


def _pick_text(event: OfficialEvent, language: str) -> dict[str, Any]:
    """In the reader's language where the authority has it, else in its first."""
    texts: list[dict[str, Any]] = event.texts
    wanted = (one for one in texts if one.get("language", "").split("-")[0].lower() == language)
    return next(wanted, None) or next(iter(texts), {})


def _find_title(text: dict[str, Any], one: Handed) -> str:
    """Never empty: readers drop what has no title."""
    words: str = text.get("headline") or text.get("event") or one.warning.hazard
    return words


def _find_link(text: dict[str, Any]) -> str:
    link: str = text.get("web", "")
    return link if link.startswith(("https://", "http://")) else ""


def _draw(one: Handed) -> Iterator[dict[str, Any]]:
    """Outer rings alone: a hole that readers overlook is on the safe side."""
    shapes = [shape for event in one.events for shape in event.area.get("areas", ())]
    rings = [ring for shape in shapes for ring in _list_rings(shape)]
    for ring in rings[:MOST_SHAPES]:
        yield {"type": "Polygon", "coordinates": [[[east, north] for north, east in ring]]}


def _list_rings(shape: dict[str, Any]) -> Iterator[Sequence[Sequence[float]]]:
    yield from shape.get("polygons", ())
    for latitude, longitude, radius_km in shape.get("circles", ()):
        if radius_km > 0:
            yield from draw_rings(Point(latitude, longitude), radius_km)


def _collect(geometries: list[dict[str, Any]]) -> dict[str, Any]:
    """No MultiPoint or MultiPolygon, which some drop."""
    if len(geometries) == 1:
        return geometries[0]
    return {"type": "GeometryCollection", "geometries": geometries}
