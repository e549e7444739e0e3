"""Numbers as codes that templates have words for. Pure."""

from __future__ import annotations

from enum import StrEnum


class Chance(StrEnum):
    """How likely rain is; parts/headline.html has the words."""

    NONE = "NONE"
    UNLIKELY = "UNLIKELY"
    POSSIBLE = "POSSIBLE"
    EVEN = "EVEN"
    LIKELY = "LIKELY"
    VERY_LIKELY = "VERY_LIKELY"
    ALMOST_CERTAIN = "ALMOST_CERTAIN"


# Each bound is where the next begins.
CHANCES = (
    (0.05, Chance.NONE),
    (0.2, Chance.UNLIKELY),
    (0.4, Chance.POSSIBLE),
    (0.6, Chance.EVEN),
    (0.8, Chance.LIKELY),
    (0.95, Chance.VERY_LIKELY),
)
RAIN_LIKELY = (Chance.LIKELY, Chance.VERY_LIKELY, Chance.ALMOST_CERTAIN)


def name_chance(probability: float) -> Chance:
    return next((chance for bound, chance in CHANCES if probability < bound), Chance.ALMOST_CERTAIN)
