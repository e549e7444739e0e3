"""Stores a table of places, all of it or nothing. A place is known by its name.

A name that is not there becomes a place; one that is there is changed to what the table says of it,
so that the same table may be stored any number of times. What the table does not name stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Lower

from weatherapp.gazetteer.search import find_nearest_city
from weatherapp.models import Place, SourceName, Tag
from weatherapp.operations.places_csv.read import (
    PlaceRow,
    PlacesCsvError,
    Problem,
    read_places,
)

ROWS_AT_ONCE = 500
EXACT = 1e-6  # degrees: what a spreadsheet keeps


@dataclass(slots=True)
class Stored:
    """Counts of places, and the ids of those whose rules may have changed."""

    created: int = 0
    changed: int = 0
    moved: int = 0
    same: int = 0
    is_trial: bool = False
    to_evaluate: list[int] = field(default_factory=list)


def import_places(text: str, *, now: datetime, is_trial: bool = False) -> Stored:
    """Raises PlacesCsvError. A trial does all of it and takes it back."""
    rows = read_places(text)
    with transaction.atomic():
        stored = _store(rows, now)
        stored.is_trial = is_trial
        if is_trial:
            transaction.set_rollback(True)
    return stored


def _store(rows: Sequence[PlaceRow], now: datetime) -> Stored:
    stored = Stored()
    problems: list[Problem] = []
    tags = _make_tags(rows)
    for start in range(0, len(rows), ROWS_AT_ONCE):
        part = rows[start : start + ROWS_AT_ONCE]
        known = {
            place.name: place
            for place in Place.objects.filter(name__in=[row.name for row in part])
            .select_for_update()
            .order_by("pk")
            .prefetch_related("tags")
        }
        new = [row for row in part if row.name not in known]
        problems += _create(new, tags, stored)
        for row in part:
            if row.name in known:
                _change(known[row.name], row, tags, stored, now)
    if problems:
        raise PlacesCsvError(problems)
    return stored


def _make_tags(rows: Sequence[PlaceRow]) -> Mapping[str, Tag]:
    """By the name in small letters, in which no two tags are the same."""
    wanted = {name.lower(): name for row in rows for name in row.tags or ()}
    lowered = Tag.objects.annotate(lowered=Lower("name"))
    known: dict[str, Tag] = {tag.name.lower(): tag for tag in lowered.filter(lowered__in=wanted)}
    for lower, name in wanted.items():
        if lower not in known:
            known[lower] = Tag.objects.create(name=name)
    return known


def _create(rows: Sequence[PlaceRow], tags: Mapping[str, Tag], stored: Stored) -> list[Problem]:
    """What cannot be filled in is a problem; their weather is fetched as soon as they are there."""
    filled, problems = [], []
    for row in rows:
        if settings.WEATHER_SOURCE == SourceName.REPLAY:
            problems.append(Problem(row.line, "name", "replay", row.name))
        elif (whole := _fill(row)) is None:
            problems.append(Problem(row.line, "time_zone", "no_city"))
        else:
            filled.append(whole)
    if problems:
        return problems
    places = Place.objects.bulk_create(
        Place(
            name=row.name,
            latitude=row.latitude,
            longitude=row.longitude,
            time_zone=row.time_zone,
            country=row.country,
        )
        for row in filled
    )
    Place.tags.through.objects.bulk_create(
        Place.tags.through(place_id=place.pk, tag_id=tags[name.lower()].pk)
        for place, row in zip(places, filled, strict=True)
        for name in row.tags or ()
    )
    stored.created += len(places)
    return []


def _fill(row: PlaceRow) -> PlaceRow | None:
    """From the nearest city; None where there is none and the zone is not known."""
    if row.time_zone and row.country:
        return row
    city = find_nearest_city(row.latitude, row.longitude)
    if city is None:
        return row if row.time_zone else None
    country = row.country or city.country
    return replace(row, time_zone=row.time_zone or city.time_zone, country=country)


def _change(
    place: Place, row: PlaceRow, tags: Mapping[str, Tag], stored: Stored, now: datetime
) -> None:
    """An empty zone or country stays as it is; an empty cell of tags takes them all away."""
    said: dict[str, object] = {"time_zone": row.time_zone, "country": row.country}
    fields = {name: said[name] for name in said if said[name] not in ("", getattr(place, name))}
    has_moved = not _is_at(place, row)
    if has_moved:
        fields |= {"latitude": row.latitude, "longitude": row.longitude}
    has_other_tags = row.tags is not None and {name.lower() for name in row.tags} != {
        tag.name.lower() for tag in place.tags.all()
    }
    if not fields and not has_other_tags:
        stored.same += 1
        return
    for name, value in fields.items():
        setattr(place, name, value)
    place.save(update_fields=list(fields))
    if has_moved:
        place.forget_weather(now=now)
        stored.moved += 1
    if has_other_tags:
        place.tags.set([tags[name.lower()] for name in row.tags or ()])
    if has_other_tags or "country" in fields:
        stored.to_evaluate.append(place.pk)
    stored.changed += 1


def _is_at(place: Place, row: PlaceRow) -> bool:
    return (
        abs(place.latitude - row.latitude) < EXACT and abs(place.longitude - row.longitude) < EXACT
    )
