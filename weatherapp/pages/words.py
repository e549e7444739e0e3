"""Numbers and rules in words. Pure."""

from __future__ import annotations

# Each bound is where the next words begin.
CHANCES = (
    (0.05, "No rain is expected"),
    (0.2, "Rain is unlikely"),
    (0.4, "Rain is possible"),
    (0.6, "Rain is about as likely as not"),
    (0.8, "Rain is likely"),
    (0.95, "Rain is very likely"),
)
COMPASS = ("N", "NE", "E", "SE", "S", "SW", "W", "NW")


def describe_chance(probability: float) -> str:
    for bound, words in CHANCES:
        if probability < bound:
            return words
    return "Rain is almost certain"


def describe_hours(hours: int) -> str:
    """6 as in "within the next 6 hours"."""
    return "hour" if hours == 1 else f"{hours} hours"


def describe_direction(degrees: float) -> str:
    """The eight-point compass name of where a wind comes from."""
    return COMPASS[round(degrees / 45) % 8]


def count(number: int, singular: str, plural: str) -> str:
    return f"{number} {singular if number == 1 else plural}"


def describe_wait(seconds: int) -> str:
    """How long from now, in one unit and never too short."""
    if seconds < 100:
        return count(seconds, "second", "seconds")
    minutes = -(-seconds // 60)
    return f"{minutes} minutes" if minutes < 100 else count(-(-minutes // 60), "hour", "hours")
