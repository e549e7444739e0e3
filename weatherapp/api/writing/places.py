"""Making and changing places, as the admin's form does."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from weatherapp.api.checking import Wrong
from weatherapp.api.operations import Call, Operation
from weatherapp.api.problems import ProblemError, not_found, wrong_body
from weatherapp.api.resources.place import LATITUDE, LONGITUDE, PLACE, SeenPlace, see_places
from weatherapp.api.schema import FLAG, Type, limited, line, list_of, one_of
from weatherapp.api.writing.evaluating import evaluate_soon
from weatherapp.gazetteer.search import find_nearest_city
from weatherapp.intake.scenes.catalogue import STATIONS
from weatherapp.models import Place, Scope, SourceName, Tag
from weatherapp.models.place_rows import WHERE

logger = logging.getLogger(__name__)

REPLAY_STATIONS = tuple(station.code for station in STATIONS)
MOST_TAGS = 50
NO_CITY = "No city is within 50 km: name the zone, such as Atlantic/Reykjavik."
COLUMNS = (
    "name",
    "latitude",
    "longitude",
    "time_zone",
    "country",
    "source",
    "station",
    "is_active",
)


def _property(type: Type, description: str) -> dict[str, Any]:
    return {**type.schema, "description": description}


PROPERTIES = {
    "name": _property(line(least=1, most=80), "No other place may have it."),
    "latitude": _property(LATITUDE, "Degrees north."),
    "longitude": _property(LONGITUDE, "Degrees east."),
    "time_zone": _property(line(most=64), "IANA name. Empty: that of the nearest city."),
    "country": _property(
        limited(line(most=2), pattern="^([A-Za-z]{2})?$"),
        "ISO 3166. Empty: that of the nearest city, if the zone is empty too.",
    ),
    "tags": _property(
        list_of(line(least=1, most=40), maxItems=MOST_TAGS), "Names; new ones are made."
    ),
    "source": _property(
        one_of(("", *SourceName.values)), "Where its weather comes from. Empty: as the site's."
    ),
    "station": _property(line(most=20), "Of a replay: its station, for example JFK."),
    "is_active": _property(FLAG, "Inactive places are not watched: their alerts end."),
}
CREATE = {
    "type": "object",
    "properties": PROPERTIES,
    "required": ["name", "latitude", "longitude"],
    "additionalProperties": False,
}
CHANGE = {
    "type": "object",
    "properties": PROPERTIES,
    "minProperties": 1,
    "additionalProperties": False,
}


def _create(call: Call) -> SeenPlace:
    with transaction.atomic():
        place = Place()
        _store(place, call.body)
    logger.info("API key %s made place %s", call.key, place.pk)
    return _see(place, call)


def _change(call: Call) -> SeenPlace:
    with transaction.atomic():
        place = Place.objects.select_for_update().filter(pk=call.path["place_id"]).first()
        if place is None:
            raise not_found("place")
        before = {name: getattr(place, name) for name in COLUMNS}
        if call.body.get("is_active") and not place.is_active:
            place.backfilled_at = None  # what it missed meanwhile
        has_other_tags = _store(place, call.body)
        changed = {name for name in COLUMNS if getattr(place, name) != before[name]}
        if changed.intersection(WHERE):
            place.forget_weather(now=call.now)
        if has_other_tags or "is_active" in changed:
            evaluate_soon([place.pk])
    logger.info("API key %s changed place %s", call.key, place.pk)
    return _see(place, call)


def _store(place: Place, body: Mapping[str, Any]) -> bool:
    """Whether its tags are others. Raises ProblemError."""
    for name in COLUMNS:
        if name in body:
            value = body[name]
            setattr(place, name, value.strip() if isinstance(value, str) else value)
    place.country = place.country.upper()
    wrongs = [*_fill_zone(place, body), *_check_station(place)]
    try:
        place.full_clean(exclude=[wrong.pointer[1:] for wrong in wrongs])
    except ValidationError as error:
        wrongs += [
            Wrong("" if name == "__all__" else f"/{name}", " ".join(messages))
            for name, messages in error.message_dict.items()
        ]
    if wrongs:
        raise wrong_body(wrongs)
    try:
        with transaction.atomic():
            place.save()
    except IntegrityError:
        raise ProblemError(409, "Another place has got this name.") from None
    return "tags" in body and _set_tags(place, body["tags"])


def _fill_zone(place: Place, body: Mapping[str, Any]) -> list[Wrong]:
    """From the nearest city, where none is named."""
    is_named = "time_zone" in body or place.pk is not None
    if is_named and place.time_zone:
        return []
    city = find_nearest_city(place.latitude, place.longitude)
    if city is None:
        return [Wrong("/time_zone", NO_CITY)]
    place.time_zone = city.time_zone
    place.country = place.country or city.country
    return []


def _check_station(place: Place) -> list[Wrong]:
    if not place.is_replay or place.station in REPLAY_STATIONS:
        return []
    known = ", ".join(REPLAY_STATIONS)
    return [Wrong("/station", f"A replay needs one of its stations: {known}.")]


def _set_tags(place: Place, names: list[str]) -> bool:
    """Whether they are others than before; those that there are not yet are made."""
    wanted = {name.strip().lower(): name.strip() for name in names if name.strip()}
    before = {tag.pk for tag in place.tags.all()}
    tags = [_find_tag(name) for name in wanted.values()]
    place.tags.set(tags)
    return {tag.pk for tag in tags} != before


def _find_tag(name: str) -> Tag:
    return Tag.objects.filter(name__iexact=name).first() or Tag.objects.create(name=name)


def _see(place: Place, call: Call) -> SeenPlace:
    stored = Place.objects.prefetch_related("tags").get(pk=place.pk)
    return see_places([stored], call.now)[0]


def _locate(seen: SeenPlace) -> str:
    return settings.SITE_URL + reverse("api_place", args=[seen.pk])


OPERATIONS = (
    Operation(
        "create_place",
        "POST",
        "api_places",
        "Places",
        "Make a place",
        PLACE,
        _create,
        "Its weather is fetched within minutes.",
        body=CREATE,
        scope=Scope.PLACES.value,
        status=201,
        locate=_locate,
        problems=(409,),
    ),
    Operation(
        "change_place",
        "PATCH",
        "api_place",
        "Places",
        "Change a place",
        PLACE,
        _change,
        "What is not named stays. One that was moved forgets the weather of where it was.",
        body=CHANGE,
        scope=Scope.PLACES.value,
        problems=(404, 409),
    ),
)
