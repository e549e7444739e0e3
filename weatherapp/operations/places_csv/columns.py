"""The table's columns, and text that no spreadsheet takes for a formula."""

from __future__ import annotations

NAME, LATITUDE, LONGITUDE = "name", "latitude", "longitude"
TIME_ZONE, COUNTRY, TAGS = "time_zone", "country", "tags"
REQUIRED = (NAME, LATITUDE, LONGITUDE)
COLUMNS = (*REQUIRED, TIME_ZONE, COUNTRY, TAGS)
BETWEEN_TAGS = "|"
# https://owasp.org/www-community/attacks/CSV_Injection
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
GUARD = "'"


def guard(text: str) -> str:
    """What begins as a formula, and what would lose its own mark when it is read again."""
    return f"{GUARD}{text}" if text.startswith((*BEGINS_A_FORMULA, GUARD)) else text


def unguard(text: str) -> str:
    bare = text.removeprefix(GUARD)
    return bare if bare.startswith((*BEGINS_A_FORMULA, GUARD)) else text
