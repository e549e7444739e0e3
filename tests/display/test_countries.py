"""Countries in words."""

from __future__ import annotations

import csv

import pytest
from django.conf import settings
from django.utils.translation import override

from weatherapp.display.countries import (
    CODE,
    NAMES,
    country_name,
    find_country,
    list_countries,
)
from weatherapp.domain.countries import COUNTRIES


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Germany"), ("fr", "Allemagne"), ("fr-ca", "Allemagne"), ("pt", "Germany")],
)
def test_the_name_is_in_the_readers_language(language, name):
    with override(language):
        assert country_name("DE") == country_name("de") == name


@pytest.mark.parametrize("code", ["", "XX", "Atlantis"])
def test_what_is_no_country_stays_as_it_is(code):
    assert country_name(code) == code


def test_every_country_has_a_name_in_every_language_of_the_site():
    with NAMES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    assert {row[CODE] for row in rows} == COUNTRIES
    assert {*rows[0]} == {CODE, *(language for language, _ in settings.LANGUAGES)}
    assert all(all(row.values()) for row in rows)


def test_the_list_is_in_the_order_of_the_language():
    with override("fr"):
        names = [name for _, name in list_countries()]

    assert names.index("Espagne") < names.index("Éthiopie") < names.index("Fidji")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("de", "DE"),
        ("germany", "DE"),
        ("ALLEMAGNE", "DE"),
        ("cote d'ivoire", "CI"),
        ("turkiye", "TR"),
        ("ger", None),
        ("", None),
    ],
)
def test_a_country_is_found_by_code_or_whole_name(text, code):
    assert find_country(text) == code
