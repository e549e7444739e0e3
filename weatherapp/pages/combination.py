"""What a probability is made of, in one sentence each. Pure."""

from __future__ import annotations

from weatherapp.forecasting.explain import Parts, Usual
from weatherapp.pages.words import NBSP, count, percent


def tell_parts(parts: Parts) -> str:
    """Sources say how likely rain is in each hour, not in any of several: so their highest."""
    return (
        f"{count(parts.window_hours, 'hour', 'hours')}, {percent(parts.site)}: "
        f"model {percent(parts.model)}, {parts.source_name} {percent(parts.source_peak)} "
        f"in its likeliest hour; {parts.weights_words}."
    )


def tell_usual(usual: Usual) -> str:
    days = count(round(usual.days), "day", "days")
    if usual.wet_share is None:
        return (
            f"The record of this place is still short ({days}): "
            "the model goes by the day's weather alone."
        )
    wet = f"rain in {percent(usual.wet_share)} of the hours"
    if usual.temperature_c is None:
        return f"Compared with the last {days} here: {wet}."
    return (
        f"Compared with the last {days} here: {wet}, {usual.temperature_c:.1f}{NBSP}°C on average."
    )
