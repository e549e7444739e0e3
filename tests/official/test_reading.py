"""What readers are shown: at places, everywhere, and whether anybody warns at all."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.factories import NOON, make_place
from tests.pages.official import HOUR, add_event, heard_source, make_warning
from weatherapp.models import WarningSource
from weatherapp.official.reading import (
    Everywhere,
    find_coverage,
    list_at_places,
    list_everywhere,
    read_warning,
)

pytestmark = pytest.mark.django_db


def test_everywhere_is_the_gravest_first_in_one_query(django_assert_num_queries):
    dublin, cork = make_place(), make_place(name="Cork")
    late = make_warning(dublin, onset_at=NOON + HOUR)
    early = make_warning(dublin, cork)
    grave = make_warning(cork, severity="Extreme")
    unknown = make_warning(cork, severity="Unknown")

    assert connection.features.supports_json_field  # which Django finds out by asking, once
    with django_assert_num_queries(1):
        found = list_everywhere(NOON, limit=3)

    assert [one.standing.warning for one in found.listed] == [grave, early, late]
    assert [one.places_count for one in found.listed] == [1, 2, 1]
    assert [one.place_name for one in found.listed] == ["Cork", "Cork", "Dublin"]
    assert (found.count, found.more) == (4, 1)
    assert unknown.pk not in [one.standing.warning.pk for one in found.listed]


def test_a_place_that_two_issuers_name_counts_once():
    place = make_place()
    warning = make_warning(place)
    add_event(warning, place, source=heard_source(key="b", issuer="B"), severity="Extreme")

    (one,) = list_everywhere(NOON, limit=5).listed

    assert one.places_count == 1
    assert [event.severity for event in one.standing.events] == ["Extreme", "Severe"]


def test_everywhere_is_without_what_is_over_or_at_no_active_place():
    place = make_place()
    make_warning(place, ends_at=NOON)
    make_warning(place).events.update(ended_at=NOON)
    make_warning(make_place(name="Off", is_active=False))
    make_warning()

    assert list_everywhere(NOON, limit=5) == Everywhere()


def test_at_places_each_has_its_own():
    dublin, cork = make_place(), make_place(name="Cork")
    both, one = make_warning(dublin, cork), make_warning(cork, severity="Extreme")

    found = list_at_places([dublin.pk, cork.pk], NOON)

    assert [standing.warning for standing in found[dublin.pk]] == [both]
    assert [standing.warning for standing in found[cork.pk]] == [one, both]


def test_a_warning_that_is_over_still_has_its_words():
    warning = make_warning(make_place())
    warning.events.update(ended_at=NOON)

    assert [event.issuer for event in read_warning(warning).events] == ["Met Office"]


@pytest.mark.parametrize(
    ("countries", "country", "is_covered"),
    [
        ("IE GB", "IE", True),
        ("IE GB", "GB", True),
        ("IE GB", "FR", False),
        ("", "FR", True),
        ("IE", "", False),
        ("", "", True),
    ],
)
def test_who_covers_a_place(countries, country, is_covered):
    source = heard_source(countries=countries)

    coverage = find_coverage(make_place(country=country), WarningSource.objects.on(), NOON)

    assert coverage.sources == ((source,) if is_covered else ())
    assert coverage.is_none is not is_covered
    assert not coverage.silent
