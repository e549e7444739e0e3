"""How events end, and what is told of those that do not. The numbers are as in test_events.py."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.official.making import (
    NOON,
    SQUARE,
    make_area,
    make_cap,
    make_feed,
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


# 8: ends are told apart


@pytest.mark.parametrize(
    ("action", "because"), [("CAN", Ending.CANCELLED), ("UPG", Ending.SUPERSEDED)]
)
def test_8_a_cancellation_inside_active_ends_and_never_announces(action, because):
    """As the service sends them: an Alert with urgency Past and without references."""
    said = {"action": action, "urgency": "Past", "sent": LATER}

    assert find_state(read_nws(make_nws("b", **said))) == (Phase.ENDED, because)
    messages = read_nws(make_nws("a", action="NEW"), make_nws("b", **said))
    assert find_state(messages) == (Phase.ENDED, because)


def test_8_an_event_that_may_run_out_stands_until_it_does():
    messages = read_nws(make_nws(action="EXP", ends="2026-03-01T12:30:00+00:00"))

    assert find_state(messages) == (Phase.IN_FORCE, None)
    assert find_state(messages, NOON + HOUR) == (Phase.ENDED, Ending.EXPIRED)


def test_8_a_cancellation_without_info_ends():
    cancel = make_cap("b", kind="Cancel", sent=LATER, references=["a"], infos=[])
    (event,) = fold(read(make_cap(), cancel), NOON).events

    assert (event.phase, event.ended_because) == (Phase.ENDED, Ending.CANCELLED)
    assert (event.severity, event.message_type) == (Severity.MODERATE, "Cancel")


def test_8_what_a_complete_answer_lacks_was_withdrawn():
    messages = read(make_cap())

    assert find_state(messages, present={"a"}) == (Phase.IN_FORCE, None)
    assert find_state(messages, present=set()) == (Phase.ENDED, Ending.WITHDRAWN)
    assert find_state(messages, present=None) == (Phase.IN_FORCE, None)


def test_8_what_ran_out_expired_though_it_is_absent_too():
    assert find_state(read(make_cap()), NOON + 10 * HOUR, present=set()) == (
        Phase.ENDED,
        Ending.EXPIRED,
    )


# 9: NWS ends, else expires; neither: bounded


@pytest.mark.parametrize(
    ("ends", "in_force_until"),
    [
        pytest.param("2026-03-02T00:00:00+00:00", NOON + 12 * HOUR, id="ends later"),
        pytest.param("2026-03-01T12:30:00+00:00", NOON + HOUR / 2, id="ends earlier"),
        pytest.param(None, NOON + HOUR, id="expires"),
    ],
)
def test_9_the_weathers_end_comes_before_the_texts(ends, in_force_until):
    messages = read_nws(make_nws(ends=ends))

    assert find_state(messages, in_force_until - HOUR / 60) == (Phase.IN_FORCE, None)
    assert find_state(messages, in_force_until) == (Phase.ENDED, Ending.EXPIRED)


def test_9_without_any_end_it_stands_a_day():
    messages = read(make_cap(infos=[make_info(expires="")]))
    (event,) = fold(messages, NOON).events

    assert (event.phase, event.expires_at) == (Phase.IN_FORCE, None)
    assert find_state(messages, NOON + 22 * HOUR) == (Phase.ENDED, Ending.UNKNOWN)


# 10: the same id with a newer sent is read again


def test_10_an_identifier_that_is_used_again_is_read_again():
    again = make_cap("a", sent=LATER, infos=[make_info(severity="Extreme")])
    messages = read(make_cap("a"), again)

    for some in (messages, messages[::-1]):
        (event,) = fold(some, NOON).events
        assert (event.severity, event.identifiers) == (Severity.EXTREME, ("a",))


def test_10_the_whole_message_tells_more_than_the_feeds_entry():
    entry = (
        "<entry><cap:identifier>a</cap:identifier><cap:event>Wind</cap:event>"
        "<cap:sent>2026-03-01T09:00:00+00:00</cap:sent></entry>"
    )
    for some in ([make_feed(entry), make_cap()], [make_cap(), make_feed(entry)]):
        (event,) = fold(read(*some), NOON).events
        assert not event.messages[0].is_summary


# 12: an area that cannot be resolved is kept and said


def test_12_an_area_in_words_only_is_kept_and_said():
    info = make_info(rest=make_area())
    (event,) = fold(read(make_cap(infos=[info])), NOON).events

    assert event.phase is Phase.IN_FORCE
    assert (event.unresolved, event.has_geometry, event.codes) == (
        ("Somewhere",),
        False,
        frozenset(),
    )


# 13: all languages kept, several infos are one alert


def test_13_several_infos_are_one_event_in_all_its_languages():
    infos = [make_info(language="de-CH"), make_info(language="fr-CH"), make_info(language="")]
    (event,) = fold(read(make_cap(infos=infos)), NOON).events

    assert event.languages == ("de-CH", "fr-CH", "en-US")


def test_13_an_info_that_is_over_does_not_end_the_others():
    infos = [
        make_info(severity="Extreme", expires="2026-03-01T11:00:00+00:00"),
        make_info(severity="Minor", expires="2026-03-01T15:00:00+00:00"),
    ]
    (event,) = fold(read(make_cap(infos=infos)), NOON).events

    assert (event.phase, event.severity) == (Phase.IN_FORCE, Severity.MINOR)


# 14: severity raw and normalised


@pytest.mark.parametrize(
    ("raw", "level", "severity"),
    [
        pytest.param("SEVERE", "", Severity.SEVERE, id="other case"),
        pytest.param("Unknown", "3; orange; Severe", Severity.SEVERE, id="by the colour's number"),
        pytest.param("", "4;red", Severity.EXTREME, id="nothing said"),
        pytest.param("Gelb", "Yellow", Severity.MODERATE, id="by the colour"),
        pytest.param("Sehr", "", Severity.UNKNOWN, id="no word of CAP"),
    ],
)
def test_14_severity_is_kept_as_it_was_and_in_caps_words(raw, level, severity):
    rest = with_parameter("Awareness_Level", level) if level else make_area(polygon=SQUARE)
    (message,) = read(make_cap(infos=[make_info(severity=raw, rest=rest)]))

    assert (message.infos[0].raw_severity, message.infos[0].severity) == (raw, severity)


# 15, of which this part has: phases, so that nobody is told of what is over or not sent yet


def test_15_what_begins_later_is_in_the_future():
    (event,) = fold(read(make_cap()), NOON - 2.5 * HOUR).events

    assert (event.phase, event.onset_at) == (Phase.FUTURE, NOON - 2 * HOUR)


def test_15_a_message_of_a_far_future_ends_nothing_today():
    cancel = make_cap("b", kind="Cancel", sent="2099-01-01T00:00:00+00:00", references=["a"])
    (event,) = fold(read(make_cap(), cancel), NOON).events

    assert (event.phase, event.ended_because) == (Phase.IN_FORCE, None)
    assert find_state(read(make_cap(sent="2099-01-01T00:00:00+00:00"))) == (Phase.FUTURE, None)


# 17: the issuer


def test_17_the_issuer_has_its_name():
    (event,) = fold(read(make_cap(infos=[make_info(senderName="")])), NOON).events

    assert event.issuer == "warnings@office.example"
