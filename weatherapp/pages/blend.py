"""What a probability is made of, in one sentence each. Pure."""

from __future__ import annotations

from weatherapp.domain.formatting import NBSP
from weatherapp.domain.formatting import format_percent as percent
from weatherapp.forecasting.blending.explain import Misses, Parts, Usual
from weatherapp.pages.words import count


def tell_parts(parts: Parts) -> str:
    """Sources say how likely rain is in each hour, not in any of several: so their highest."""
    return (
        f"{count(parts.window_hours, 'hour', 'hours')}, {percent(parts.site)}: "
        f"model {percent(parts.model)}, {parts.source_name} {percent(parts.source_peak)} "
        f"in its likeliest hour; {parts.weights_words}."
    )


def tell_misses(misses: Misses) -> str:
    """It may have learned since from later answers: so how many there are by now."""
    answers = f" ({misses.answers:,} by now)" if misses.answers else ""
    came = f"What came after earlier answers here{answers}"
    before, after = percent(misses.before), percent(misses.after)
    if before == after:
        return f"{came} agrees with the model's 24-hour figure."
    return f"{came} moved the model's 24-hour figure from {before} to {after}."


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
