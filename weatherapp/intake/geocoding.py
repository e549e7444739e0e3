"""Names of places that the baked table does not know, from Open-Meteo's geocoding: by the worker alone."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from weatherapp.domain.countries import COUNTRIES
from weatherapp.domain.time_zones import known_zones
from weatherapp.gazetteer.search import City
from weatherapp.intake.allowance import find_limits
from weatherapp.intake.asking import ask
from weatherapp.intake.open_meteo_body import read_reason
from weatherapp.intake.open_meteo_refusals import OK, make_error
from weatherapp.intake.rate import RateKeeper
from weatherapp.intake.source import SourceError, SourceGarbledError
from weatherapp.models import Geocoding, SourceName
from weatherapp.net.client import Bounds, Client

logger = logging.getLogger(__name__)

BOUNDS = Bounds(silence_s=8.0, total_s=12.0, body_bytes=200_000)
WEIGHT = 1.0
SHARE = 0.9  # of what is allowed: the weather comes first
MOST_CITIES = 10
LONGEST = 80  # characters of a name


def look_up(geocoding_id: int, *, now: datetime) -> None:
    """Ask and store the answer, or why there is none; safe to call twice."""
    row = Geocoding.objects.filter(pk=geocoding_id, answered_at=None).first()
    if row is None:
        return
    try:
        row.cities = [_to_json(city) for city in _ask(row.name, now=now)]
    except SourceError as error:
        logger.warning("Geocoding gives no answer: %s", error)
        row.error = str(error)[:500]
    row.answered_at = now
    row.save(update_fields=["cities", "error", "answered_at"])


def parse_cities(body: bytes) -> list[City]:
    """Whatever is in it that is a whole place. Raises SourceGarbledError."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise SourceGarbledError("The answer is no JSON.") from error
    # Without a match there is no "results" at all.
    results = said.get("results", []) if isinstance(said, dict) else None
    if not isinstance(results, list):
        raise SourceGarbledError("The answer is no list of places.")
    return [city for one in results[:MOST_CITIES] if (city := _parse_city(one)) is not None]


def _ask(name: str, *, now: datetime) -> list[City]:
    """Raises SourceError."""
    limits = find_limits(
        api_key=settings.OPEN_METEO_API_KEY, daily_calls=settings.OPEN_METEO_DAILY_CALLS
    )
    RateKeeper(SourceName.OPEN_METEO, limits).reserve(WEIGHT, now=now, share=SHARE)
    params = {"name": name, "count": str(MOST_CITIES), "language": "en", "format": "json"}
    if settings.OPEN_METEO_API_KEY:
        params["apikey"] = settings.OPEN_METEO_API_KEY
    url = f"{settings.GEOCODING_URL.rstrip('/')}/v1/search"
    with Client(f"weatheralert (+{settings.SITE_URL})", BOUNDS) as client:
        reply = ask(client, url, params)
    if reply.status != OK:
        reason = read_reason(reply.body)
        raise make_error(reply.status, reason, now=now, wanted_at=reply.retry_at(now=now))
    return parse_cities(reply.body)


def _parse_city(said: Any) -> City | None:
    """None for what is not a place with all that one needs."""
    if not isinstance(said, Mapping):
        return None
    latitude, longitude = _read_degrees(said, "latitude", 90), _read_degrees(said, "longitude", 180)
    name, zone = said.get("name"), said.get("timezone")
    if latitude is None or longitude is None:
        return None
    if not isinstance(name, str) or not name.strip() or not _is_zone(zone):
        return None
    country, population = said.get("country_code"), said.get("population")
    return City(
        name=_clean(name),
        country=country if isinstance(country, str) and country in COUNTRIES else "",
        region=_clean(said.get("admin1")),
        latitude=latitude,
        longitude=longitude,
        time_zone=str(zone),
        population=population if type(population) is int and 0 < population < 10**9 else 0,
    )


def _read_degrees(said: Mapping[str, Any], name: str, most: int) -> float | None:
    value = said.get(name)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return round(float(value), 4) if -most <= value <= most else None  # to ten metres


def _is_zone(name: Any) -> bool:
    return isinstance(name, str) and name in known_zones()


def _clean(text: Any) -> str:
    """One line of what is printed."""
    printed = "".join(c for c in text if c.isprintable()) if isinstance(text, str) else ""
    return " ".join(printed.split())[:LONGEST]


def _to_json(city: City) -> dict[str, Any]:
    return {name: getattr(city, name) for name in City.__dataclass_fields__}
