"""A value against its threshold, as a small bar. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from weatherapp.pages.words import percent


@dataclass(frozen=True, slots=True)
class Gauge:
    """Positions in % of the bar's width."""

    value_x: float
    threshold_x: float
    clears_below_x: float
    words: str


def draw_gauge(probability: float, *, threshold: float, margin: float) -> Gauge:
    clears_below = max(threshold - margin, 0.0)
    return Gauge(
        value_x=round(probability * 100, 2),
        threshold_x=round(threshold * 100, 2),
        clears_below_x=round(clears_below * 100, 2),
        words=(
            f"{percent(probability)}; raises at {percent(threshold)}, "
            f"ends below {percent(clears_below)}"
        ),
    )
