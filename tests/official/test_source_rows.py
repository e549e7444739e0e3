"""The catalogue as rows; which sources are suggested, and what an operator's word does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.factories import NOON, make_place
from tests.official.feeds import MINUTE, make_source
from weatherapp.models import SourceState, WarningSource
from weatherapp.official import catalogue_rows, switching
from weatherapp.official.catalogue import read_catalogue

pytestmark = pytest.mark.django_db
IRISH = "ie-met-en"


@pytest.fixture(autouse=True)
def _live(settings):
    settings.WEATHER_SOURCE = "open_meteo"
    settings.WARNING_SOURCES_SUGGESTED = True


def state_of(key: str) -> str:
    return WarningSource.objects.get(key=key).state


def read_suggested() -> set[str]:
    rows = WarningSource.objects.filter(state=SourceState.SUGGESTED)
    return set(rows.values_list("key", flat=True))


def one(key: str) -> WarningSource:
    return WarningSource.objects.get(key=key)


def refresh() -> None:
    catalogue_rows.store_catalogue()
    catalogue_rows.suggest()


def test_every_entry_becomes_one_row_that_is_off(django_assert_num_queries):
    catalogue_rows.store_catalogue()
    with django_assert_num_queries(1):
        catalogue_rows.store_catalogue()

    assert WarningSource.objects.count() == len(read_catalogue())
    assert not WarningSource.objects.exclude(state=SourceState.OFF).exists()


def test_a_release_corrects_what_its_catalogue_says_and_leaves_what_the_operator_says(monkeypatch):
    refresh()
    switching.switch_on(WarningSource.objects.filter(key=IRISH), now=NOON)
    WarningSource.objects.filter(key=IRISH).update(own_interval_s=90, etag='"old"')
    moved = [
        replace(entry, address="https://new.example.org/cap") if entry.key == IRISH else entry
        for entry in read_catalogue()
    ]
    monkeypatch.setattr(catalogue_rows, "read_catalogue", lambda: moved)
    refresh()

    row = one(IRISH)
    assert (row.address, row.etag) == ("https://new.example.org/cap", "")
    assert (row.state, row.own_interval_s) == (SourceState.ON, 90)


def test_what_the_catalogue_has_dropped_stays_as_it_is_and_is_marked(monkeypatch):
    refresh()
    switching.switch_on(WarningSource.objects.filter(key=IRISH), now=NOON)
    left = [entry for entry in read_catalogue() if entry.key != IRISH]
    monkeypatch.setattr(catalogue_rows, "read_catalogue", lambda: left)
    refresh()

    assert (one(IRISH).state, one(IRISH).is_listed) == (SourceState.ON, False)


def test_an_operators_own_source_of_that_name_is_left_alone():
    own = make_source(key=IRISH)
    refresh()

    own.refresh_from_db()
    assert (own.issuer, own.is_own) == ("Met Office of Nowhere", True)


def test_the_sources_of_active_places_countries_are_suggested_and_none_is_on():
    make_place(country="IE")
    make_place(name="Suva", country="US", is_active=False)
    make_place(name="Nowhere", country="")
    refresh()

    assert read_suggested() == {IRISH}
    assert not WarningSource.objects.on().exists()


def test_a_source_of_several_countries_is_suggested_for_each():
    make_place(country="PR")
    refresh()

    assert read_suggested() == {"us-nws"}


def test_a_suggestion_goes_with_its_places():
    place = make_place(country="IE")
    refresh()
    place.delete()
    refresh()

    assert read_suggested() == set()


def test_a_replays_places_suggest_nothing(settings):
    make_place(country="IE", source="replay", station="JFK")
    settings.WEATHER_SOURCE = "replay"
    make_place(name="By default", country="FR", source="")
    refresh()

    assert read_suggested() == set()


def test_nothing_is_suggested_where_the_operator_wants_no_suggestions(settings):
    make_place(country="IE")
    refresh()
    settings.WARNING_SOURCES_SUGGESTED = False
    refresh()

    assert read_suggested() == set()


def test_what_was_switched_off_is_not_suggested_again():
    make_place(country="IE")
    refresh()
    assert switching.switch_off(WarningSource.objects.filter(key=IRISH), now=NOON) == 1
    refresh()

    assert state_of(IRISH) == SourceState.OFF


def test_switching_off_and_on_again_asks_for_the_whole_body():
    """What it said in between must not pass as "nothing has changed"."""
    source = make_source(etag='"1"', body_sha256="0" * 64, next_poll_at=NOON + MINUTE, failures=3)
    rows = WarningSource.objects.filter(pk=source.pk)
    switching.switch_off(rows, now=NOON)
    assert switching.switch_on(rows, now=NOON) == 1

    source.refresh_from_db()
    assert (source.etag, source.body_sha256, source.failures) == ("", "", 0)
    assert list(WarningSource.objects.due(NOON)) == [source]


def test_the_hourly_tick_asks_no_more_for_more_places(django_assert_num_queries):
    make_place(country="IE")
    refresh()
    with django_assert_num_queries(3):
        refresh()
    for number in range(20):
        make_place(name=f"Place {number}", country="IE")
    with django_assert_num_queries(3):
        refresh()
