"""What sources say becomes rows: messages, events, warnings at places, changes. Real SQL."""

from __future__ import annotations

import pytest

from tests.factories import NOON as SITE_NOON
from tests.factories import make_place
from tests.official.feeds import make_source, poll, respond
from tests.official.making import (
    NOON,
    SQUARE,
    make_area,
    make_cap,
    make_feed,
    make_info,
    make_nws,
    make_nws_feed,
)
from tests.official.stored import HOUR, known_source, list_reasons, store
from weatherapp.models import (
    EndReason,
    OfficialChange,
    OfficialEvent,
    OfficialMessage,
    OfficialPlace,
    OfficialReason,
    OfficialWarning,
    PlaceCode,
    SourceKind,
)
from weatherapp.official.storing import take

pytestmark = pytest.mark.django_db


def test_a_new_warning_is_a_row_at_its_places_and_a_change(place):
    store(known_source(), make_cap("a"))

    warning = OfficialWarning.objects.get()
    assert (warning.severity, warning.hazard, warning.ended_at) == ("Moderate", "WIND", None)
    event = warning.events.get()
    assert (event.key, event.issuer, event.identifiers) == ("a", "The Office", ["a"])
    assert [row.place for row in event.places.all()] == [place]
    change = warning.changes.get()
    assert (change.reason, change.is_silent) == (OfficialReason.ISSUED, False)
    assert event.source.__class__.objects.get().in_force == 1


def test_what_is_there_at_the_first_load_is_told_to_nobody(place):
    store(make_source(), make_cap("a"))

    assert OfficialChange.objects.get().is_silent


def test_a_shape_holds_places_and_its_holes_do_not(place):
    hole = "47.4,8.4 47.4,8.6 47.6,8.6 47.6,8.4 47.4,8.4"
    within = make_area(polygon=SQUARE)
    without = make_area(polygon=SQUARE, codes=[("EXCLUDE_POLYGON", hole)])
    source = known_source()
    store(source, make_cap("a", infos=[make_info(rest=within)]))
    store(source, make_cap("b", infos=[make_info(rest=without)]))

    assert [row.event.key for row in OfficialPlace.objects.all()] == ["a"]


def test_where_an_area_has_a_shape_its_codes_are_only_the_rough_place(place):
    elsewhere = make_area(polygon="10,8 10,9 11,9 11,8 10,8", codes=[("EMMA_ID", "XX001")])
    store(known_source(), make_cap("a", infos=[make_info(rest=elsewhere)]))

    assert not OfficialPlace.objects.exists()


@pytest.mark.parametrize("code", [("CISORP", "1234"), ("EMMA_ID", "ZZ999")])
def test_an_area_that_no_table_knows_is_kept_and_said(place, code):
    odd = make_area(codes=[code])
    store(known_source(), make_cap("a", infos=[make_info(rest=odd)]))

    assert OfficialEvent.objects.get().unresolved == ["Somewhere"]


def test_an_area_of_which_one_code_is_known_is_resolved(place):
    both = make_area(codes=[("CISORP", "1234"), ("UGC", "MAZ001")])
    store(known_source(), make_cap("a", infos=[make_info(rest=both)]))

    assert OfficialEvent.objects.get().unresolved == []


def test_the_same_body_again_changes_nothing(place):
    source = known_source()
    store(source, make_cap("a"))
    before = OfficialEvent.objects.values().get()
    store(source, make_cap("a"), now=NOON + HOUR)

    assert OfficialEvent.objects.values().get() == before
    assert list_reasons() == ["ISSUED"]
    assert OfficialMessage.objects.get().seen_at == NOON + HOUR


def test_an_update_takes_the_place_of_what_it_refers_to(place):
    source = known_source()
    store(source, make_cap("a"))
    worse = make_info(severity="Extreme", expires="2026-03-01T23:00:00+00:00")
    store(
        source,
        make_cap(
            "b", kind="Update", references=["a"], sent="2026-03-01T11:00:00+00:00", infos=[worse]
        ),
    )

    event = OfficialEvent.objects.get()
    assert (event.key, event.heads, event.severity) == ("a", ["b"], "Extreme")
    assert list_reasons() == ["ISSUED", "ESCALATED"]


def test_an_update_that_comes_before_what_it_updates_is_the_same_event(place):
    source = known_source()
    later = make_cap("b", kind="Update", references=["a"], sent="2026-03-01T11:00:00+00:00")
    store(source, later)
    first = OfficialEvent.objects.get()
    store(source, make_cap("a", sent="2026-03-01T08:00:00+00:00"))

    event = OfficialEvent.objects.get()
    assert (event.pk, event.identifiers, event.heads) == (first.pk, ["a", "b"], ["b"])
    assert list_reasons() == ["ISSUED"]


def test_a_cancellation_ends_and_is_told_once(place):
    source = known_source()
    cancel = make_cap(
        "b", kind="Cancel", references=["a"], sent="2026-03-01T11:00:00+00:00", infos=[]
    )
    store(source, make_cap("a"), cancel, cancel)

    warning = OfficialWarning.objects.get()
    assert (warning.ended_because, warning.ended_at) == (EndReason.CANCELLED, NOON)
    assert list_reasons() == ["ISSUED", "CANCELLED"]


@pytest.mark.parametrize("action", ["CAN", "UPG", "EXP"])
def test_a_cancellation_among_what_nws_calls_active_announces_nothing(place, action):
    gone = make_nws("urn:oid:x", action=action, urgency="Past", messageType="Update")
    store(known_source(kind=SourceKind.NWS), make_nws_feed(gone))

    assert not OfficialWarning.objects.exists()


def test_a_longer_end_is_told_by_the_end_as_last_told(place):
    source = known_source()
    store(source, make_cap("a"))
    for name, before, end in (("b", "a", "18:20"), ("c", "b", "18:40"), ("d", "c", "18:50")):
        info = make_info(expires=f"2026-03-01T{end}:00+00:00")
        sent = f"2026-03-01T11:{end[-2:]}:00+00:00"
        store(source, make_cap(name, kind="Update", references=[before], sent=sent, infos=[info]))

    assert list_reasons() == ["ISSUED", "EXTENDED"]


def test_time_ends_a_warning_and_nobody_is_told(place):
    source = known_source()
    store(source, make_cap("a"))
    later = NOON + 7 * HOUR
    looked_at = take.refold_due(now=later, limit=10)

    event = OfficialEvent.objects.get()
    assert (looked_at, event.ended_because, event.ended_at) == (1, "EXPIRED", NOON + 6 * HOUR)
    assert list_reasons() == ["ISSUED", "EXPIRED"]
    assert take.refold_due(now=later, limit=10) == 0
    source.refresh_from_db()
    assert source.in_force == 0


def test_what_a_whole_poll_no_longer_has_was_withdrawn_and_may_come_back(place, feed, httpserver):
    source = feed(kind=SourceKind.NWS, succeeded_at=SITE_NOON - HOUR)
    now = NOON
    respond(httpserver, make_nws_feed(make_nws(zones=["MAZ001"])))
    poll(source, now=now)
    assert OfficialEvent.objects.get().ended_at is None

    respond(httpserver, make_nws_feed())
    poll(source, now=now + HOUR)
    assert OfficialEvent.objects.get().ended_because == EndReason.WITHDRAWN

    # Neither time nor a poll without it brings it back.
    respond(httpserver, make_nws_feed(make_nws("urn:oid:other", zones=["MAZ009"])))
    poll(source, now=now + 2 * HOUR)
    take.refold_due(now=now + 2 * HOUR, limit=10)
    assert OfficialEvent.objects.get(key="urn:oid:a").ended_because == EndReason.WITHDRAWN

    respond(httpserver, make_nws_feed(make_nws(zones=["MAZ001"])))
    poll(source, now=now + 3 * HOUR)
    assert OfficialEvent.objects.get(key="urn:oid:a").ended_because == ""
    where = {"warning__events__key": "urn:oid:a"}
    assert list_reasons(**where) == ["ISSUED", "WITHDRAWN", "ISSUED"]


@pytest.mark.parametrize("broken", [b"", b"<html>sorry</html>", make_nws_feed(make_nws())[:-40]])
def test_a_poll_that_fails_is_no_quiet_day(place, feed, httpserver, broken):
    source = feed(kind=SourceKind.NWS)
    respond(httpserver, make_nws_feed(make_nws("urn:oid:a"), make_nws("urn:oid:b")))
    poll(source, now=NOON)
    respond(httpserver, broken)
    source = poll(source, now=NOON + HOUR)

    assert source.problem
    assert OfficialEvent.objects.filter(ended_at=None).count() == 2
    assert OfficialMessage.objects.count() == 2


def test_a_body_that_breaks_in_the_middle_leaves_nothing(place, feed, httpserver):
    whole = make_feed(*[f"<entry>{make_cap(name)}</entry>" for name in "ab"])
    respond(httpserver, whole.encode()[:-30])
    poll(feed(), now=NOON)

    assert not OfficialMessage.objects.exists()
    assert not OfficialEvent.objects.exists()


def test_a_feed_of_the_newest_only_does_not_withdraw_what_it_pushed_out(place, feed, httpserver):
    source = feed(succeeded_at=SITE_NOON)

    def show(*messages):
        respond(httpserver, make_feed(*(f"<entry>{one}</entry>" for one in messages)).encode())

    old = make_cap("old", sent="2026-03-01T06:00:00+00:00")
    new = make_cap("new", sent="2026-03-01T10:30:00+00:00")
    show(old, make_cap("mid", sent="2026-03-01T09:00:00+00:00"), new)
    poll(source, now=NOON)
    show(make_cap("low", sent="2026-03-01T08:00:00+00:00"), new)
    poll(source, now=NOON + HOUR)

    ends = dict(OfficialEvent.objects.values_list("key", "ended_because"))
    assert ends == {"old": "", "mid": "WITHDRAWN", "new": "", "low": ""}


def test_a_source_that_is_switched_off_no_longer_warns(place):
    source = known_source()
    store(source, make_cap("a"))
    type(source).objects.update(state="off")

    assert take.end_of_sources_off(now=NOON) == 1
    assert OfficialWarning.objects.get().ended_because == EndReason.SOURCE_OFF
    assert OfficialChange.objects.get(reason="SOURCE_OFF").is_silent


def test_a_new_place_is_under_the_warnings_that_stand_and_nobody_is_told(place):
    square = make_area(polygon=SQUARE)
    source = known_source()
    store(source, make_cap("a"), make_cap("b", infos=[make_info(rest=square)]))
    new = make_place(name="New", latitude=47.6, longitude=8.6)
    PlaceCode.objects.create(place=new, scheme="EMMA_ID", value="XX001")
    take.place_anew([new.pk], now=NOON)

    assert OfficialPlace.objects.filter(place=new).count() == 2
    assert list_reasons() == ["ISSUED", "ISSUED"]
