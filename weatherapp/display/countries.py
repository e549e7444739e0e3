"""Countries in the reader's language; rows, CSV and addresses hold the two letters of ISO 3166-1.

The names are Unicode's, from the file beside this one: 249 in each language, some tens of kB in memory.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.utils.translation import get_language

from weatherapp.domain.names import fold_name

NAMES = Path(__file__).with_name("country_names.csv")
CODE = "code"
FALLBACK = "en"


def country_name(code: str) -> str:
    """In the active language; what is no country stays as it is, as does nothing at all."""
    return _read_active().get(code.upper(), code)


def list_countries() -> list[tuple[str, str]]:
    """Code and name, in the order of the names; letters with accents are among those without."""
    return sorted(_read_active().items(), key=lambda item: fold_name(item[1]))


def find_country(text: str) -> str | None:
    """The code of a country by its code or its whole name in any language of the site."""
    return _codes_by_name().get(fold_name(text))


def _read_active() -> Mapping[str, str]:
    """`fr-ca` reads `fr`."""
    names = _read_names()
    language = (get_language() or FALLBACK).partition("-")[0]
    return names.get(language, names[FALLBACK])


@cache
def _read_names() -> dict[str, dict[str, str]]:
    """By language and code."""
    with NAMES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        language: {row[CODE]: row[language] for row in rows}
        for language in rows[0]
        if language != CODE
    }


@cache
def _codes_by_name() -> dict[str, str]:
    """Names first, then codes: no name is another country's code."""
    by_name = {
        fold_name(name): code for names in _read_names().values() for code, name in names.items()
    }
    return by_name | {fold_name(code): code for code in _read_names()[FALLBACK]}
