"""Words for the weather codes that sources send (WMO 4677, as Open-Meteo uses it)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    0: _("Clear"),
    1: _("Mostly clear"),
    2: _("Partly cloudy"),
    3: _("Overcast"),
    45: _("Fog"),
    48: _("Rime fog"),
    51: _("Light drizzle"),
    53: _("Drizzle"),
    55: _("Heavy drizzle"),
    56: _("Freezing drizzle"),
    57: _("Heavy freezing drizzle"),
    61: _("Light rain"),
    63: _("Rain"),
    65: _("Heavy rain"),
    66: _("Freezing rain"),
    67: _("Heavy freezing rain"),
    71: _("Light snow"),
    73: _("Snow"),
    75: _("Heavy snow"),
    77: _("Snow grains"),
    80: _("Light showers"),
    81: _("Showers"),
    82: _("Violent showers"),
    85: _("Snow showers"),
    86: _("Heavy snow showers"),
    95: _("Thunderstorm"),
    96: _("Thunderstorm with hail"),
    99: _("Thunderstorm with heavy hail"),
}


def describe_weather(code: float | None) -> str:
    """Empty for what is unknown."""
    return "" if code is None else str(WORDS.get(int(code), ""))
