"""How many calls Open-Meteo allows, and how many the site's places ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q

from weatherapp.intake.need import DAY_HOURS, HOURLY, Demand, Pace, find_pace
from weatherapp.intake.open_meteo_body import PAST_VARIABLES
from weatherapp.intake.rate import DAY, HOUR, MINUTE
from weatherapp.intake.source import BACKFILL_DAYS
from weatherapp.models import Place, SourceCalls, SourceName
from weatherapp.models.place import LONGEST_BELIEVED_HOURS
from weatherapp.models.place_rows import PlaceQuerySet

# https://open-meteo.com/en/terms, without an API key. A place with up to 10 variables and two
# weeks weighs 1, so an hour's request weighs its number of places; a failed one weighs 1.
FREE_LIMITS = {MINUTE: 600.0, HOUR: 5_000.0, DAY: 10_000.0}
# https://open-meteo.com/en/pricing: each 10 variables of two weeks weigh 1.
PAST_WEIGHT = max(1.0, len(PAST_VARIABLES) / 10 * (BACKFILL_DAYS + 1) / 14)
# A record can wait: the running hours of all places must not, and get the other half.
PAST_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class Allowance:
    """A day's calls: those allowed (None: not limited), and those that the places ask for."""

    daily_calls: int | None
    used_today: int
    places: int
    demand: Demand

    @property
    def hourly_calls(self) -> int:
        """What fetching all of them each hour would take."""
        return round(HOURLY.count_calls(Demand(self.demand.cells, self.demand.needed)))

    @property
    def hourly_cells(self) -> int:
        """How many could be fetched each hour."""
        return (self.daily_calls or 0) // DAY_HOURS

    @property
    def pace(self) -> Pace:
        return find_pace(self.demand, self.daily_calls)

    @property
    def paced_calls(self) -> int:
        return round(self.pace.count_calls(self.demand))

    @property
    def is_stretched(self) -> bool:
        return self.pace != HOURLY

    @property
    def is_exceeded(self) -> bool:
        """Also at the slowest pace."""
        return self.daily_calls is not None and self.paced_calls > self.daily_calls

    @property
    def is_believed_between(self) -> bool:
        """Whether what is known of a calm place counts until it is fetched again."""
        return self.pace.calm_hours <= LONGEST_BELIEVED_HOURS


def find_limits(*, api_key: str, daily_calls: int) -> Mapping[timedelta, float]:
    """By length of the window. A key has limits of its plan's, of which the operator may name the day's."""
    limits = {} if api_key else FREE_LIMITS
    return limits | ({DAY: float(daily_calls)} if daily_calls else {})


def find_daily_calls() -> int | None:
    """As the settings say; None: not limited."""
    limits = find_limits(
        api_key=settings.OPEN_METEO_API_KEY, daily_calls=settings.OPEN_METEO_DAILY_CALLS
    )
    daily_calls = limits.get(DAY)
    return None if daily_calls is None else int(daily_calls)


def read_allowance(now: datetime) -> Allowance:
    """Two queries, however many places there are."""
    used = SourceCalls.objects.read_used(SourceName.OPEN_METEO, DAY, now=now)
    daily_calls = find_daily_calls()
    places, demand = _count_cells()
    return Allowance(daily_calls, round(used), places, _bound_past(demand, daily_calls))


def read_pace() -> Pace:
    """One query where calls are limited, else none."""
    daily_calls = find_daily_calls()
    if daily_calls is None:
        return HOURLY
    _, demand = _count_cells()
    return find_pace(_bound_past(demand, daily_calls), daily_calls)


def list_paced_places() -> PlaceQuerySet:
    """The active places whose source counts calls."""
    named = Q(source=SourceName.OPEN_METEO)
    if settings.WEATHER_SOURCE == SourceName.OPEN_METEO:
        named |= Q(source="")
    return Place.objects.active().filter(named)


def _count_cells() -> tuple[int, Demand]:
    """How many places, and what they ask for."""
    shares, needed = ~Q(cell=""), Q(is_needed_hourly=True)
    counts = list_paced_places().aggregate(
        places=Count("pk"),
        alone=Count("pk", filter=~shares),
        alone_needed=Count("pk", filter=~shares & needed),
        shared=Count("cell", filter=shares, distinct=True),
        shared_needed=Count("cell", filter=shares & needed, distinct=True),
        young=Count("pk", filter=Q(backfilled_at__isnull=True)),
    )
    demand = Demand(
        cells=counts["alone"] + counts["shared"],
        needed=counts["alone_needed"] + counts["shared_needed"],
        past_calls=counts["young"] * PAST_WEIGHT,
    )
    return counts["places"], demand


def _bound_past(demand: Demand, daily_calls: int | None) -> Demand:
    """No day gives more than its share to the days before; the next day goes on."""
    if daily_calls is None:
        return demand
    past_calls = min(demand.past_calls, daily_calls * PAST_SHARE)
    return Demand(demand.cells, demand.needed, past_calls)
