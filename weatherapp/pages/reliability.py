"""The reliability diagram: of what was said to be likely, how much came. Pure.

A drawing of fixed proportions that grows with the text: its unit is a thousandth of its width.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

CASES_NEEDED = 100  # in a bin; each hour is up to 24 cases
# The plot, and under it the counts.
LEFT, TOP, SIDE = 150.0, 30.0, 780.0
BARS_TOP, BARS_HEIGHT = 920.0, 130.0
SMALLEST, LARGEST = 11.0, 30.0  # radius


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """`first`..`last`: the probabilities that belong to it, 0..1; `observed` None: too few cases."""

    first: float
    last: float
    cases: int
    said: float | None
    observed: float | None


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """Bins from unlikely to likely; the dots are those with enough cases."""

    bins: tuple[ReliabilityBin, ...]
    dots: tuple[Dot, ...]
    bars: tuple[Bar, ...]

    @property
    def points(self) -> str:
        """Of the line through the dots, as SVG has it."""
        return " ".join(f"{dot.x:g},{dot.y:g}" for dot in self.dots)

    @property
    def ticks(self) -> tuple[tuple[float, float, float], ...]:
        """Probability, and where it is across and down."""
        return tuple(
            (share, place_x(share), place_y(share)) for share in (0.0, 0.25, 0.5, 0.75, 1.0)
        )

    @property
    def cases_needed(self) -> int:
        return CASES_NEEDED


def draw_reliability(bins: Sequence[tuple[int, float, int]]) -> Reliability:
    """`bins`: cases, sum of what was said, wet cases; as wide as each other."""
    width, most = 1 / max(len(bins), 1), max((cases for cases, _, _ in bins), default=0)
    made, dots, bars = [], [], []
    for index, (cases, said, wet) in enumerate(bins):
        enough = cases >= CASES_NEEDED
        made.append(
            ReliabilityBin(
                first=round(index * width, 6),
                last=round((index + 1) * width, 6),
                cases=cases,
                said=said / cases if enough else None,
                observed=wet / cases if enough else None,
            )
        )
        weight = math.sqrt(cases / most) if most else 0.0
        bars.append(_draw_bar(index * width, width, weight))
        if enough:
            radius = SMALLEST + (LARGEST - SMALLEST) * weight
            dots.append(Dot(place_x(said / cases), place_y(wet / cases), round(radius, 1)))
    return Reliability(tuple(made), tuple(dots), tuple(bars))


def place_x(share: float) -> float:
    return round(LEFT + SIDE * share, 1)


def place_y(share: float) -> float:
    return round(TOP + SIDE * (1 - share), 1)


def _draw_bar(first: float, width: float, weight: float) -> Bar:
    """As high as the root of the cases: the rare ones are to be seen, too."""
    height = round(BARS_HEIGHT * weight, 1)
    return Bar(
        x=place_x(first) + 8,
        y=round(BARS_TOP + BARS_HEIGHT - height, 1),
        width=round(SIDE * width - 16, 1),
        height=height,
    )
