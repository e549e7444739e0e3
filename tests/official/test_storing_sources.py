"""Several sources that tell of one danger: readers hear of it once, and who says so."""

from __future__ import annotations

import pytest

from tests.factories import make_place
from tests.official.making import make_area, make_cap, make_info
from tests.official.stored import HOUR, NOON, known_source, list_reasons, store
from weatherapp.models import OfficialPlace, OfficialWarning, PlaceCode

pytestmark = pytest.mark.django_db


def test_two_sources_that_tell_of_the_same_are_one_warning_and_told_once(place):
    national, europe = known_source(key="a"), known_source(key="b")
    store(national, make_cap("x"))
    other = make_info(
        onset="2026-03-01T11:00:00+00:00",
        expires="2026-03-01T19:00:00+00:00",
        event="Yellow wind warning",
        senderName="Europe",
    )
    store(europe, make_cap("y", infos=[other]))

    warning = OfficialWarning.objects.get()
    assert sorted(event.issuer for event in warning.events.all()) == ["Europe", "The Office"]
    assert list_reasons() == ["ISSUED", "EXTENDED"]


@pytest.mark.parametrize(
    "info",
    [
        make_info(event="Heavy snow", headline=""),
        make_info(onset="2026-03-01T15:00:00+00:00"),
        make_info(severity="Extreme"),
        make_info(rest=make_area(codes=[("EMMA_ID", "XX002")])),
    ],
    ids=["another kind", "another time", "much graver", "elsewhere"],
)
def test_what_differs_stays_two_warnings(place, info):
    store(known_source(key="a"), make_cap("x"))
    store(known_source(key="b"), make_cap("y", infos=[info]))

    assert OfficialWarning.objects.count() == 2


def test_one_message_in_two_feeds_is_one_warning_whatever_it_says(place):
    elsewhere = make_info(rest=make_area(codes=[("EMMA_ID", "XX002")]))
    store(known_source(key="a"), make_cap("x", infos=[elsewhere]))
    store(known_source(key="b"), make_cap("x", infos=[elsewhere]))

    assert OfficialWarning.objects.get().events.count() == 2
    assert list_reasons() == ["ISSUED"]


def test_a_warning_lasts_while_one_of_its_sources_says_so(place):
    national, europe = known_source(key="a"), known_source(key="b")
    store(national, make_cap("x"))
    store(europe, make_cap("y"))
    cancel = make_cap(
        "z", kind="Cancel", references=["y"], sent="2026-03-01T11:00:00+00:00", infos=[]
    )
    store(europe, cancel)
    assert OfficialWarning.objects.get().ended_at is None

    store(national, cancel.replace(",y,", ",x,"))
    assert OfficialWarning.objects.get().ended_because == "CANCELLED"
    assert list_reasons() == ["ISSUED", "CANCELLED"]


def test_a_warning_that_reaches_more_places_is_told_there(place):
    other = make_place(name="Wohlen", latitude=10, longitude=10)
    PlaceCode.objects.create(place=other, scheme="EMMA_ID", value="XX002")
    source = known_source()
    store(source, make_cap("a"))
    codes = [("EMMA_ID", "XX001"), ("EMMA_ID", "XX002")]
    wider = make_info(rest=make_area(codes=codes))
    sent = "2026-03-01T11:00:00+00:00"
    store(
        source,
        make_cap("b", kind="Update", references=["a"], sent=sent, infos=[wider]),
        now=NOON + HOUR,
    )

    assert list_reasons() == ["ISSUED", "SPREAD"]
    since = {row.place_id: row.since_at for row in OfficialPlace.objects.all()}
    assert since == {place.pk: NOON, other.pk: NOON + HOUR}
