"""What a combined probability is made of, in one sentence. Pure."""

from __future__ import annotations

from weatherapp.forecasting.explain import Parts
from weatherapp.pages.words import count, percent


def tell_parts(parts: Parts) -> str:
    """Sources say how likely rain is in each hour, not in any of several: so their highest."""
    return (
        f"{count(parts.window_hours, 'hour', 'hours')}, {percent(parts.site)}: "
        f"model {percent(parts.model)}, {parts.source_name} {percent(parts.source_peak)} "
        f"in its likeliest hour; {parts.weights_words}."
    )
