"""What matters is the event, not the message. The numbers are those of the eighteen behaviours of a
good reader of warnings. 5 to 7 are here, 8 to 15 and 17 in test_endings.py, 3 and 4 in
test_hostile.py and test_wrappings.py, 11 in test_shapes.py.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from tests.official.making import (
    NOON,
    make_cap,
    make_info,
    make_nws,
    read,
    read_nws,
    with_parameter,
)
from weatherapp.domain.cap import Severity
from weatherapp.official.events.event import Ending, Phase
from weatherapp.official.events.fold import fold

LATER = "2026-03-01T11:00:00+00:00"
HOUR = timedelta(hours=1)


def find_state(messages, at=NOON, **how):
    """Of the only event."""
    (event,) = fold(messages, at, **how).events
    return event.phase, event.ended_because


# 5: Actual only; Private and Restricted dropped; green is none; urgency Past ends


@pytest.mark.parametrize("status", ["Test", "Exercise", "System", "Draft", ""])
def test_5_only_actual_messages_count(status):
    folded = fold(read(make_cap(status=status)), NOON)

    assert folded.events == ()
    assert folded.dropped[0].identifier == "a"
    assert folded.dropped[0].reason.startswith("status")


@pytest.mark.parametrize("scope", ["Private", "Restricted"])
def test_5_what_is_not_public_is_dropped(scope):
    folded = fold(read(make_cap(scope=scope)), NOON)

    assert (folded.events, folded.dropped[0].reason) == ((), f"scope: {scope}")


@pytest.mark.parametrize("kind", ["Ack", "Error", ""])
def test_5_messages_between_offices_are_dropped(kind):
    assert fold(read(make_cap(kind=kind)), NOON).events == ()


@pytest.mark.parametrize("level", ["1; green; Minor", "1;Green", "green"])
def test_5_green_is_no_warning(level):
    info = make_info(severity="Minor", rest=with_parameter("awareness_level", level))
    folded = fold(read(make_cap(infos=[info])), NOON)

    assert (folded.events, folded.dropped[0].reason) == ((), "green: no warning")


def test_5_green_ends_the_warning_that_it_updates():
    green = make_info(rest=with_parameter("awareness_level", "1; green; Minor"))
    update = make_cap("b", kind="Update", sent=LATER, references=["a"], infos=[green])

    assert find_state(read(make_cap(), update)) == (Phase.ENDED, Ending.CANCELLED)


@pytest.mark.parametrize(
    ("said", "because"),
    [
        pytest.param({"urgency": "Past"}, Ending.EXPIRED, id="past"),
        pytest.param({"responseType": "AllClear"}, Ending.CANCELLED, id="all clear"),
    ],
)
def test_5_what_is_past_is_no_warning_any_more(said, because):
    assert find_state(read(make_cap(infos=[make_info(**said)]))) == (Phase.ENDED, because)


# 6: a message's key is not the event's


def test_6_messages_that_refer_to_each_other_are_one_event_by_its_root():
    chain = read(
        make_cap("a"),
        make_cap("b", kind="Update", sent=LATER, references=["a"]),
        make_cap("c", kind="Update", sent="2026-03-01T11:30:00+00:00", references=["b"]),
    )
    (event,) = fold(chain, NOON).events

    assert event.key == "a"
    assert event.identifiers == ("a", "b", "c")
    assert [message.identifier for message in event.messages] == ["c"]
    assert event.phase is Phase.IN_FORCE


def test_6_vtec_names_the_event_though_nothing_refers_to_anything():
    messages = read_nws(
        make_nws("a", action="NEW"), make_nws("b", action="CON", sent=LATER), make_nws("c")
    )
    events = fold(messages, NOON).events

    assert [event.key for event in events] == ["KBOX.HT.Y.0004.2026", "c"]
    assert events[0].identifiers == ("a", "b")


def test_6_the_year_of_a_number_is_that_of_its_first_message():
    first = [{"identifier": "z", "sent": "2025-12-31T23:00:00+00:00", "sender": "s"}]
    (event,) = fold(read_nws(make_nws(action="CON", references=first)), NOON).events

    assert event.key == "KBOX.HT.Y.0004.2025"


def test_6_a_warning_that_refers_to_the_watch_before_it_is_another_event():
    watch = make_nws("w", parameters={"VTEC": ["/O.UPG.KBOX.XH.A.0001.000000T0000Z-000000T0000Z/"]})
    references = [{"identifier": "w", "sent": "2026-03-01T09:00:00+00:00", "sender": "s"}]
    events = fold(
        read_nws(watch, make_nws("a", action="NEW", references=references, sent=LATER)), NOON
    ).events

    assert [(event.phase, event.ended_because) for event in events] == [
        (Phase.ENDED, Ending.SUPERSEDED),
        (Phase.IN_FORCE, None),
    ]


# 7: superseded, in any order, with predecessors missing and with duplicates


def test_7_the_order_of_arrival_does_not_matter():
    chain = read(
        make_cap("a", infos=[make_info(severity="Minor")]),
        make_cap("b", kind="Update", sent=LATER, references=["a"]),
        make_cap("c", kind="Cancel", sent="2026-03-01T11:30:00+00:00", references=["a", "b"]),
    )
    found = {fold(some, NOON).events for some in permutations([*chain, chain[1]])}

    assert len(found) == 1
    (event,) = found.pop()
    assert (event.key, event.phase, event.ended_because) == ("a", Phase.ENDED, Ending.CANCELLED)


def test_7_a_missing_predecessor_still_names_the_event():
    (event,) = fold(read(make_cap("c", kind="Update", references=["a"])), NOON).events

    assert (event.key, event.identifiers, event.phase) == ("a", ("c",), Phase.IN_FORCE)


def test_7_expired_references_tie_messages_together():
    old = {"expiredReferences": ["w-nws.webmaster@noaa.gov,old,2026-03-01T08:00:00+00:00"]}
    messages = read_nws(
        make_nws("old", sent="2026-03-01T08:00:00+00:00"), make_nws("new", parameters=old)
    )
    (event,) = fold(messages, NOON).events

    assert event.identifiers == ("old", "new")
    assert [message.identifier for message in event.messages] == ["new"]


@pytest.mark.parametrize("is_there", [True, False])
def test_7_a_message_that_was_replaced_does_not_stand(is_there):
    replaced = make_nws("a", replacedBy="https://api.weather.gov/alerts/b")
    messages = read_nws(replaced, *([make_nws("b", sent=LATER)] if is_there else []))

    expected = (Phase.IN_FORCE, None) if is_there else (Phase.ENDED, Ending.SUPERSEDED)
    assert find_state(messages) == expected


def test_7_messages_in_a_circle_leave_the_newest():
    circle = read(
        make_cap("a", kind="Update", references=["b"]),
        make_cap("b", kind="Update", sent=LATER, references=["a", "b"]),
    )
    (event,) = fold(circle, NOON).events

    assert [message.identifier for message in event.messages] == ["b"]


def test_7_a_cancellation_for_some_zones_leaves_the_others():
    messages = read_nws(
        make_nws("a", action="NEW", zones=["MAZ001", "MAZ002", "MAZ003"]),
        make_nws("b", action="CAN", zones=["MAZ001"], urgency="Past", sent=LATER),
        make_nws("c", action="EXT", zones=["MAZ002"], severity="Severe", sent=LATER),
    )
    (event,) = fold(messages, NOON).events

    assert event.phase is Phase.IN_FORCE
    assert event.codes == {("UGC", "MAZ002"), ("UGC", "MAZ003")}
    assert event.severity is Severity.SEVERE


def test_7_a_cancellation_of_two_events_does_not_make_them_one():
    cancel = make_cap("c", kind="Cancel", sent=LATER, references=["a", "b"])
    events = fold(read(make_cap("a"), make_cap("b"), cancel), NOON).events

    assert [(event.key, event.ended_because) for event in events] == [
        ("a", Ending.CANCELLED),
        ("b", Ending.CANCELLED),
    ]
