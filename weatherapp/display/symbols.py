"""Pictures of weather: which symbol of static/img/weather.svg shows a weather code."""

from __future__ import annotations

from typing import Final

_BY_CODE: Final = {
    **dict.fromkeys((0, 1), "clear"),
    2: "partly",
    3: "cloudy",
    **dict.fromkeys((45, 48), "fog"),
    **dict.fromkeys((51, 53, 55), "drizzle"),
    **dict.fromkeys((61, 63), "rain"),
    65: "heavy-rain",
    **dict.fromkeys((56, 57, 66, 67), "freezing"),
    **dict.fromkeys((71, 73, 77, 85), "snow"),
    **dict.fromkeys((75, 86), "heavy-snow"),
    **dict.fromkeys((80, 81), "showers"),
    82: "heavy-rain",
    **dict.fromkeys((95, 96, 99), "thunder"),
}
_OF_NIGHT: Final = ("clear", "partly")


def name_symbol(code: float | None, *, is_night: bool = False) -> str:
    """Empty for what is unknown."""
    symbol = "" if code is None else _BY_CODE.get(int(code), "")
    return f"{symbol}-night" if is_night and symbol in _OF_NIGHT else symbol
