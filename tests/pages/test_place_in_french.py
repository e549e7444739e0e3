"""A place's page in French: names of rules, dates and spans of dates."""

from __future__ import annotations

import pytest

from tests.factories import make_rule, rain_soon
from tests.pages.markup import words
from tests.pages.scenes import make_live_place, make_raised_rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return make_live_place(name="Newark", time_zone="America/New_York")


def words_of(client, address):
    return words(client.get(address, {"lang": "fr"}, follow=True))


def test_the_hourly_table_names_the_sites_rules_in_french(client, place):
    make_rule(place, says=rain_soon(), name="Rain within six hours", key="rain-6h")

    said = words_of(client, place.get_absolute_url())

    assert "Pluie dans les six heures : alerte quand la probabilité de pluie" in said
    assert "Rain within six hours" not in said


def test_a_span_of_dates_has_its_articles(client, place):
    make_raised_rule(place)

    said = words_of(client, place.get_absolute_url())

    assert "depuis le jeu. 1 jan., 04:00, jusqu’au jeu. 1 jan., 10:00." in said
