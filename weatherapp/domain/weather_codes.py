"""Which weather codes sources send: those of WMO 4677 that Open-Meteo uses."""

from __future__ import annotations

# https://open-meteo.com/en/docs, "WMO Weather interpretation codes"; pages have a word for each
WEATHER_CODES = (
    *(0, 1, 2, 3, 45, 48, 51, 53, 55, 56, 57, 61, 63, 65, 66, 67, 71, 73, 75, 77),
    *(80, 81, 82, 85, 86, 95, 96, 99),
)
