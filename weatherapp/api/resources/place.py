"""Places whose weather is watched, each with how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from weatherapp.api.cursors import cut, read_cursor
from weatherapp.api.operations import PAGED, Call, Operation, Parameter, Slice
from weatherapp.api.problems import not_found, wrong_parameter
from weatherapp.api.schema import (
    ADDRESS,
    FLAG,
    ID,
    INTEGER,
    NUMBER,
    TEXT,
    TIME,
    Resource,
    field,
    limited,
    line,
    list_of,
    maybe,
    one_of,
)
from weatherapp.domain.cap import LEVELS
from weatherapp.domain.names import fold_name
from weatherapp.domain.sphere import Point
from weatherapp.models import Place, SourceName
from weatherapp.models.place_rows import PlaceQuerySet
from weatherapp.pages.near import find_within
from weatherapp.pages.place_standing import Standing, StandingPlace, read_standings
from weatherapp.pages.replay import read_clocks
from weatherapp.pages.versions import read_home_version, read_place_version

LATITUDE = limited(NUMBER, minimum=-90, maximum=90)
LONGITUDE = limited(NUMBER, minimum=-180, maximum=180)
USUAL_KM, MOST_KM = 50, 1000
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class SeenPlace:
    """`clock_at`: what time it is there; of a replay, in the past."""

    stands: StandingPlace
    clock_at: datetime

    @property
    def place(self) -> Place:
        return self.stands.place

    @property
    def pk(self) -> int:
        return self.place.pk

    @property
    def km(self) -> float | None:
        return self.stands.km


PLACE = Resource(
    "Place",
    "A place whose weather is watched, and how it stands: the worst of its open alerts, or none, or no "
    "data to say so. `no-data` is not `calm`.",
    (
        field("id", ID, "Its number, which never changes.", lambda seen: seen.pk),
        field("name", TEXT, "Its name; unique.", lambda seen: seen.place.name),
        field("latitude", LATITUDE, "Degrees north.", lambda seen: seen.place.latitude, "°"),
        field("longitude", LONGITUDE, "Degrees east.", lambda seen: seen.place.longitude, "°"),
        field("time_zone", TEXT, "IANA name.", lambda seen: seen.place.time_zone),
        field(
            "country",
            maybe(TEXT),
            "ISO 3166, two letters.",
            lambda seen: seen.place.country or None,
        ),
        field(
            "tags",
            list_of(TEXT),
            "Names of groups that it is in.",
            lambda seen: [tag.name for tag in seen.place.tags.all()],
        ),
        field(
            "is_active",
            FLAG,
            "Whether it is watched: of one that is not nothing new comes in.",
            lambda seen: seen.place.is_active,
        ),
        field(
            "source",
            one_of(SourceName),
            "Where its weather comes from.",
            lambda seen: seen.place.source_name,
        ),
        field(
            "is_replay",
            FLAG,
            "Whether it shows past weather: then no alert of it is about today.",
            lambda seen: seen.place.is_replay,
        ),
        field(
            "clock_at",
            TIME,
            "What time it is there, to the minute; in a replay, a time in the past. All times of its "
            "weather and alerts are by this clock.",
            lambda seen: seen.clock_at,
        ),
        field("standing", one_of(Standing), "How it stands.", lambda seen: seen.stands.standing),
        field(
            "severity",
            maybe(one_of(LEVELS)),
            "Of its worst open alert; null without one.",
            lambda seen: seen.stands.severity,
        ),
        field("open_alerts", INTEGER, "How many are open.", lambda seen: seen.stands.alerts),
        field(
            "fetched_at",
            maybe(TIME),
            "When weather last came in, by the real clock; null: never.",
            lambda seen: seen.place.fetched_at,
        ),
        field(
            "distance_km",
            maybe(NUMBER),
            "From the position that was asked about; null where none was.",
            lambda seen: None if seen.km is None else round(seen.km, 3),
            "km",
        ),
        field(
            "page",
            ADDRESS,
            "Its page for people.",
            lambda seen: settings.SITE_URL + seen.place.get_absolute_url(),
        ),
    ),
)


def see_places(
    places: Sequence[Place], now: datetime, *, kms: Iterable[float] | None = None
) -> list[SeenPlace]:
    """Two queries."""
    clocks = read_clocks(now)
    return [
        SeenPlace(stands, clocks.at(stands.place).replace(second=0, microsecond=0))
        for stands in read_standings(places, clocks, kms=kms)
    ]


def find_place(call: Call) -> Place:
    """Raises ProblemError."""
    place = Place.objects.filter(pk=call.path["place_id"]).first()
    if place is None:
        raise not_found("place")
    return place


def read_version(call: Call) -> str:
    """Of one place. Raises Http404."""
    return read_place_version(call.path["place_id"]).page


def read_site_version(call: Call) -> str:
    """Of all places, alerts and rules."""
    version = read_home_version()
    return f"{version.page} {version.rules} {version.places}"


def _list_places(call: Call) -> Slice:
    near = (call["lat"], call["lon"])
    if None in near:
        if near != (None, None) or call["radius_km"] is not None:
            raise wrong_parameter("lat", "lat and lon are given both, or none of the three is.")
        return _list_by_id(call)
    return _list_near(call, Point(*near))


def _list_by_id(call: Call) -> Slice:
    after = read_cursor(call, int) or (0,)
    rows = _filter(call).filter(pk__gt=after[0]).order_by("pk")
    places = list(rows.prefetch_related("tags")[: call["limit"] + 1])
    return cut(call, see_places(places, call.now), "pk")


def _list_near(call: Call, point: Point) -> Slice:
    """The nearest first. Distances are computed here: the wanted ones are sorted by them."""
    after = read_cursor(call, float, int) or (-1.0, 0)
    found = find_within(point, call["radius_km"] or USUAL_KM)
    wanted = set(_filter(call).filter(pk__in=[pk for pk, _ in found]).values_list("pk", flat=True))
    ahead = [(km, pk) for pk, km in found if pk in wanted and (km, pk) > after]
    kms = {pk: km for km, pk in sorted(ahead)[: call["limit"] + 1]}
    rows = Place.objects.prefetch_related("tags").in_bulk(kms)
    places = [rows[pk] for pk in kms if pk in rows]
    seen = see_places(places, call.now, kms=[kms[place.pk] for place in places])
    return cut(call, seen, "km", "pk")


def _filter(call: Call) -> PlaceQuerySet:
    rows = Place.objects.active()
    if call["country"]:
        rows = rows.filter(country=call["country"].upper())
    if call["tag"]:
        rows = rows.filter(pk__in=places_tagged(call["tag"]))
    if call["q"]:
        folded = fold_name(call["q"])
        by_name = Q(folded_name__contains=folded) if folded else Q(name__icontains=call["q"])
        rows = rows.filter(by_name)
    return rows


def places_tagged(name: str) -> PlaceQuerySet:
    """Their numbers."""
    tagged = Place.tags.through.objects.filter(tag__name__iexact=name)
    return Place.objects.filter(pk__in=tagged.values("place")).order_by().values("pk")  # type: ignore[return-value]


def _show_place(call: Call) -> SeenPlace:
    return see_places([find_place(call)], call.now)[0]


TAG = Parameter("tag", line(least=1, most=40), "Of places with this tag, in any case.")

OPERATIONS = (
    Operation(
        "list_places",
        "GET",
        "api_places",
        "Places",
        "Search places",
        PLACE,
        _list_places,
        "All watched places in the order of their numbers; with `lat` and `lon` those near a position, "
        "the nearest first.",
        parameters=(
            Parameter(
                "q", line(least=1, most=80), "A part of the name; case and accents do not count."
            ),
            TAG,
            Parameter(
                "country",
                limited(
                    TEXT, pattern="^[A-Za-z]{2}$", **{"x-form": "Must be two letters of ISO 3166."}
                ),
                "ISO 3166, two letters.",
                example="IE",
            ),
            Parameter("lat", LATITUDE, "Degrees north of the position.", example=53.35),
            Parameter("lon", LONGITUDE, "Degrees east of the position.", example=-6.26),
            Parameter(
                "radius_km",
                limited(NUMBER, minimum=0, maximum=MOST_KM),
                f"How far from the position, in km; {USUAL_KM} where it is not given.",
            ),
            *PAGED,
        ),
        is_list=True,
        read_version=read_site_version,
    ),
    Operation(
        "show_place",
        "GET",
        "api_place",
        "Places",
        "Show a place",
        PLACE,
        _show_place,
        read_version=read_version,
        problems=(404,),
    ),
)
