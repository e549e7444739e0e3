"""Hostile and broken bodies on their way to the rows: nothing of them is stored by half."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta

import pytest

from tests.factories import make_place
from tests.official import test_hostile
from tests.official.feeds import make_source
from tests.official.making import NOON, make_area, make_cap, make_feed, make_info
from tests.official.stored import known_source, list_reasons, store
from weatherapp.models import (
    OfficialChange,
    OfficialEvent,
    OfficialMessage,
    OfficialPlace,
    OfficialWarning,
    PollProblem,
    WarningSource,
)
from weatherapp.official.fetching import Body, PollError
from weatherapp.official.storing import take

pytestmark = pytest.mark.django_db
TABLES = (OfficialMessage, OfficialEvent, OfficialWarning, OfficialPlace, OfficialChange)
BAD = [
    pytest.param(one.values[0], id=one.id)
    for one in test_hostile.test_a_bad_document_is_refused_by_name.pytestmark[0].args[1]
]


def come(source: WarningSource, content: bytes) -> None:
    """As polling hands a body over."""
    body = Body(
        address=source.asked_address,
        content_type="",
        file=io.BytesIO(content),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    take.take(source, body, NOON)


def read_all() -> list[list[tuple[object, ...]]]:
    return [list(table.objects.order_by("pk").values_list()) for table in TABLES]


@pytest.mark.parametrize("body", BAD)
def test_a_bad_document_leaves_all_as_it_was(place, body):
    source = known_source()
    store(source, make_cap("a"))
    before = read_all()

    with pytest.raises(PollError) as raised:
        come(source, body)

    assert raised.value.problem == PollProblem.NOT_READ
    assert read_all() == before


@pytest.mark.parametrize(
    "end",
    ["<entry><x", "</entry>", '<entry xmlns:y="&nbsp;"/></feed>', "<a>" * 500],
    ids=["cut off", "closed twice", "entity of nobody", "too deep"],
)
def test_what_came_before_the_poison_is_not_stored(place, end):
    entries = (f"<entry>{make_cap(f'n{number}')}</entry>" for number in range(250))
    body = make_feed(*entries).removesuffix("</feed>") + end

    with pytest.raises(PollError):
        come(known_source(), body.encode())

    assert read_all() == [[]] * len(TABLES)


def test_an_identifier_many_times_in_a_body_is_one_message_the_newest(place):
    entries = [
        f"<entry>{make_cap('a', sent=f'2026-03-01T09:{minute:02}:00+00:00')}</entry>"
        for minute in (5, 40, 20)
    ]
    come(known_source(), make_feed(*entries).encode())

    assert OfficialMessage.objects.get().sent_at.minute == 40
    assert OfficialEvent.objects.count() == 1
    assert list_reasons() == ["ISSUED"]


@pytest.mark.parametrize(
    ("sent", "onset", "expires"),
    [
        ("1970-01-01T00:00:00+00:00", "1970-01-01T00:00:00+00:00", "1970-01-02T00:00:00+00:00"),
        ("2026-03-01T09:00:00+00:00", "2026-03-01T10:00:00+00:00", "2026-02-01T10:00:00+00:00"),
    ],
    ids=["long ago", "ends before it begins"],
)
def test_what_was_over_before_it_came_is_told_to_nobody(place, sent, onset, expires):
    info = make_info(onset=onset, expires=expires)
    come(known_source(), make_cap("a", sent=sent, infos=[info]).encode())

    assert OfficialMessage.objects.count() == 1
    assert not OfficialChange.objects.exists()


def test_a_message_of_a_far_future_ends_nothing_today(place):
    source = known_source()
    store(source, make_cap("a"))
    sent = (NOON + timedelta(days=400)).isoformat()
    come(source, make_cap("b", kind="Cancel", references=["a"], sent=sent, infos=[]).encode())

    assert OfficialEvent.objects.get().ended_at is None
    assert list_reasons() == ["ISSUED"]


def test_an_area_across_180_degrees_holds_places_on_both_sides():
    west = make_place(name="Taveuni", latitude=-17, longitude=-179.5)
    east = make_place(name="Suva", latitude=-17, longitude=178.4)
    make_place(name="Africa", latitude=-17, longitude=20)
    area = make_area(polygon="-18,178 -18,-178 -16,-178 -16,178 -18,178")
    come(make_source(countries="FJ"), make_cap("a", infos=[make_info(rest=area)]).encode())

    assert {row.place for row in OfficialPlace.objects.all()} == {east, west}


def test_an_area_around_a_pole_holds_the_pole():
    pole = make_place(name="Pole", latitude=89.9, longitude=45)
    make_place(name="Rome", latitude=42, longitude=12)
    area = make_area(polygon="70,-120 70,0 70,120 70,-120")
    come(make_source(countries=""), make_cap("a", infos=[make_info(rest=area)]).encode())

    assert [row.place for row in OfficialPlace.objects.all()] == [pole]


def test_more_than_fits_a_column_is_dropped_or_cut(place):
    long = make_info(senderName="x" * 5000, event="Wind", headline="y" * 50_000)
    come(
        known_source(),
        make_feed(
            f"<entry>{make_cap('n' * 5000)}</entry>",
            f"<entry>{make_cap('b', infos=[long])}</entry>",
        ).encode(),
    )

    event = OfficialEvent.objects.get()
    assert (event.key, len(event.issuer)) == ("b", 200)


@pytest.mark.slow
def test_ten_thousand_entries_are_stored(place):
    entries = (f"<entry>{make_cap(f'n{number}')}</entry>" for number in range(10_000))
    come(known_source(), make_feed(*entries).encode())

    assert OfficialMessage.objects.count() == 10_000
