"""What kinds of danger authorities warn of; those of our own rules have the same names. Pure."""

from __future__ import annotations

from enum import StrEnum


class OfficialHazard(StrEnum):
    """The first ten are those of hazards.Hazard: warnings of ours and theirs compare by them."""

    THUNDERSTORM = "THUNDERSTORM"
    ICE = "ICE"
    SNOW = "SNOW"
    RAIN = "RAIN"
    WIND = "WIND"
    FOG = "FOG"
    FROST = "FROST"
    COLD = "COLD"
    HEAT = "HEAT"
    GENERIC = "GENERIC"  # any other
    TORNADO = "TORNADO"
    CYCLONE = "CYCLONE"  # tropical storms, hurricanes, typhoons
    FLOOD = "FLOOD"
    COAST = "COAST"  # surf, surge, tsunami
    FIRE = "FIRE"
    AVALANCHE = "AVALANCHE"
    AIR = "AIR"  # smoke, dust, bad air
    DROUGHT = "DROUGHT"


# Kinds that are nearly the same: services call one danger by either.
KIN = (
    frozenset({OfficialHazard.ICE, OfficialHazard.SNOW, OfficialHazard.FROST}),
    frozenset({OfficialHazard.FROST, OfficialHazard.COLD}),
    frozenset({OfficialHazard.RAIN, OfficialHazard.FLOOD}),
    frozenset({OfficialHazard.WIND, OfficialHazard.CYCLONE, OfficialHazard.TORNADO}),
    frozenset({OfficialHazard.THUNDERSTORM, OfficialHazard.TORNADO}),
    frozenset({OfficialHazard.THUNDERSTORM, OfficialHazard.RAIN}),
)


def are_alike(one: str, other: str) -> bool:
    """Whether two warnings may be of one and the same weather; GENERIC is like nothing but itself."""
    return one == other or any(one in kin and other in kin for kin in KIN)
