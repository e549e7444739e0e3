"""What a search finds: watched places by name, cities that are not watched, places near a position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, Q, Value, When

from weatherapp.display.countries import find_country
from weatherapp.domain.names import fold_name
from weatherapp.domain.sphere import Point
from weatherapp.gazetteer.search import City, search_cities
from weatherapp.models import Geocoding, Place, SourceName
from weatherapp.models.place_rows import PlaceQuerySet
from weatherapp.pages.near import find_nearest
from weatherapp.pages.place_standing import StandingPlace, read_standings
from weatherapp.pages.replay import Clocks

PLACES_A_PAGE = 20
LONGEST_SEARCH = 80
CITIES_SHOWN = 6
NEAREST_SHOWN = 10
SAME_KM = 10.0  # so near, a place tells the weather of a city
FAR_KM = 500.0  # farther away, a place tells nothing of it
SHORTEST_NAME = 2  # of which Open-Meteo finds anything


class LookUp(StrEnum):
    """How asking Open-Meteo for a name goes."""

    NONE = "none"  # not to be asked
    OFFERED = "offered"
    WAITING = "waiting"
    ANSWERED = "answered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FoundCity:
    """`nearest` is a watched place; None where there is none within FAR_KM."""

    city: City
    nearest: Place | None
    km: float

    @property
    def is_watched(self) -> bool:
        return self.nearest is not None and self.km <= SAME_KM


@dataclass(frozen=True)
class Search:
    """Reads what is asked of it."""

    text: str
    page_wanted: str | None
    clocks: Clocks

    @property
    def name(self) -> str:
        """As it is compared, without what narrows it after a comma."""
        return fold_name(self.text.partition(",")[0])

    @property
    def within(self) -> str:
        return self.text.partition(",")[2].strip()

    @cached_property
    def places(self) -> Page[Place]:
        return Paginator(self._search_places(), PLACES_A_PAGE).get_page(self.page_wanted)

    @cached_property
    def standings(self) -> tuple[StandingPlace, ...]:
        return read_standings(list(self.places.object_list), self.clocks)

    @cached_property
    def geocoding(self) -> Geocoding | None:
        """What is known from Open-Meteo; only what the baked table lacks is looked for there."""
        if settings.WEATHER_SOURCE != SourceName.OPEN_METEO or self._baked:
            return None
        return Geocoding.objects.filter(name=self.name[:LONGEST_SEARCH]).first()

    @cached_property
    def look_up(self) -> LookUp:
        if not self._may_look_up:
            return LookUp.NONE
        row = self.geocoding
        if row is None or row.is_over(self.clocks.now):
            return LookUp.OFFERED
        if row.is_waiting(self.clocks.now):
            return LookUp.WAITING
        return LookUp.FAILED if row.error else LookUp.ANSWERED

    @cached_property
    def cities(self) -> tuple[FoundCity, ...]:
        """Those near a place that is listed anyway are left out."""
        if self.places.number > 1:
            return ()
        cities = self._baked
        if self.look_up == LookUp.ANSWERED and self.geocoding is not None:
            cities = read_cities(self.geocoding)
        listed = {place.pk for place in self.places.object_list}
        found = find_places_of(cities[:CITIES_SHOWN])
        return tuple(
            one
            for one in found
            if not (one.is_watched and one.nearest and one.nearest.pk in listed)
        )

    @property
    def is_in_vain(self) -> bool:
        return not self.places.paginator.count and not self.cities

    @cached_property
    def _baked(self) -> list[City]:
        found = search_cities(self.text, limit=CITIES_SHOWN)
        # A US state may have a country's name: "Atlanta, Georgia" comes before "Tbilisi, Georgia".
        if not found and (code := find_country(self.within)):
            found = search_cities(f"{self.name}, {code}", limit=CITIES_SHOWN)
        return found

    @property
    def _may_look_up(self) -> bool:
        is_asked = settings.WEATHER_SOURCE == SourceName.OPEN_METEO
        return is_asked and not self._baked and len(self.name) >= SHORTEST_NAME

    def _search_places(self) -> PlaceQuerySet:
        """By a part of the name, those called so first; by a country; by a tag."""
        text = self.text.partition(",")[0].strip()
        if not text:
            return Place.objects.none()
        wanted = Q(folded_name__contains=self.name) if self.name else Q(name__icontains=text)
        wanted |= _is_within(text)
        if self.within:
            wanted &= _is_within(self.within)
        order = Case(
            When(folded_name=self.name, then=Value(0)),
            When(folded_name__startswith=self.name, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        return Place.objects.active().filter(wanted).order_by(order, "name", "pk")


def clean_search(text: str) -> str:
    """One line of at most LONGEST_SEARCH characters."""
    printed = "".join(letter if letter.isprintable() else " " for letter in text)
    return " ".join(printed.split())[:LONGEST_SEARCH]


def find_places_of(cities: Sequence[City]) -> tuple[FoundCity, ...]:
    """Each with the watched place nearest to it."""
    nearest = find_nearest([city.point for city in cities], limit=1) if cities else []
    rows = Place.objects.in_bulk([pk for found in nearest for pk, _ in found])
    found = []
    for city, places in zip(cities, nearest, strict=True):
        pk, km = places[0] if places else (0, 0.0)
        found.append(FoundCity(city, rows.get(pk) if km <= FAR_KM else None, km))
    return tuple(found)


def list_near(point: Point, clocks: Clocks) -> tuple[StandingPlace, ...]:
    """The watched places nearest to it."""
    (nearest,) = find_nearest([point], limit=NEAREST_SHOWN)
    kms = dict(nearest)
    rows = Place.objects.in_bulk(kms)
    places = [rows[pk] for pk in kms if pk in rows]
    return read_standings(places, clocks, kms=[kms[place.pk] for place in places])


def read_search(text: str, *, page: str | None, clocks: Clocks) -> Search:
    return Search(clean_search(text), page, clocks)


def _is_within(text: str) -> Q:
    tagged = Place.tags.through.objects.filter(tag__name__iexact=text).values("place")
    if code := find_country(text):
        return Q(country=code) | Q(pk__in=tagged)
    return Q(pk__in=tagged)


def read_cities(row: Geocoding) -> list[City]:
    """As intake/geocoding.py stored them."""
    return [City(**city) for city in row.cities]
