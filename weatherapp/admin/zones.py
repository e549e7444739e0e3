"""Names of time zones: all of them to choose from, and those that somebody may have meant."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache

from weatherapp.domain.time_zones import known_zones

SHOWN = 3
NEARNESS = 0.75  # of difflib: a letter or two are wrong
# Old names, and times that are no place's.
UNSHOWN = ("Etc/", "SystemV/", "posix/", "right/", "US/", "Canada/", "Brazil/", "Mexico/", "Chile/")


@cache
def list_zones() -> tuple[str, ...]:
    """All that this machine knows, by name."""
    return tuple(sorted(known_zones()))


def list_shown_zones() -> list[str]:
    """Region and city, as people choose them; and UTC."""
    return ["UTC", *(name for name in list_zones() if "/" in name and _is_shown(name))]


def find_near_zones(typed: str) -> list[str]:
    """At most three: of that city, else spelled much like it. Nothing is like what is empty."""
    wanted = typed.casefold()
    of_city = [name for name in list_shown_zones() if _city(name) == wanted]
    if of_city or not wanted:
        return of_city[:SHOWN]
    by_spelling = {name.casefold(): name for name in list_shown_zones()}
    by_city = {_city(name): name for name in reversed(list_shown_zones())}
    spelled = get_close_matches(wanted, by_spelling, SHOWN, NEARNESS)
    cities = get_close_matches(wanted, by_city, SHOWN, NEARNESS)
    found = [by_spelling[name] for name in spelled] + [by_city[name] for name in cities]
    return list(dict.fromkeys(found))[:SHOWN]


def _city(name: str) -> str:
    return name.rpartition("/")[2].casefold()


def _is_shown(name: str) -> bool:
    return not name.startswith(UNSHOWN)
