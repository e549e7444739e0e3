"""Whether a mail about an alert or an official warning is sent, waits, or is not worth sending any more. Pure.

A person is told that an alert was raised, that it got worse, and that it is over. Nobody hears of
the end who heard nothing before, nobody hears of the beginning after it, and what is still to be
told when it gets worse is told once, as it is by then. Of whom an official warning has told as much
nobody hears the same from a rule that yields to those; and hence nothing of its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Told(StrEnum):
    """What is known of the mails that told the same person before that the alert is there."""

    YES = "YES"
    MAYBE = "MAYBE"  # a try ended without an answer
    NO = "NO"
    IN_HAND = "IN_HAND"  # being sent at this moment


class Decision(StrEnum):
    """All but the first two are why the mail is dropped: names of models.DropReason."""

    SEND = "SEND"
    WAIT = "WAIT"
    UNWANTED = "UNWANTED"
    OVERTAKEN = "OVERTAKEN"
    UNHEARD = "UNHEARD"
    OUTDATED = "OUTDATED"
    INHIBITED = "INHIBITED"


@dataclass(frozen=True, slots=True)
class Patience:
    """For how long after the change a mail about it is worth sending."""

    raised: timedelta
    over: timedelta


@dataclass(frozen=True, slots=True)
class Facts:
    """`told` matters where the mail is not the first of its alert."""

    is_first: bool  # it tells that the alert was raised
    is_end: bool  # it tells that the alert is over
    is_wanted: bool  # the person is still subscribed
    is_overtaken: bool  # the alert is over by now, or got worse
    age: timedelta
    told: Told = Told.NO
    is_inhibited: bool = False  # an official warning says as much, and the rule yields to those


def decide(facts: Facts, patience: Patience) -> Decision:
    if not facts.is_wanted:
        return Decision.UNWANTED
    return _decide_end(facts, patience) if facts.is_end else _decide_warning(facts, patience)


def _decide_warning(facts: Facts, patience: Patience) -> Decision:
    if facts.is_overtaken:
        return Decision.OVERTAKEN
    if facts.age > patience.raised:
        return Decision.OUTDATED
    if facts.is_inhibited:
        return Decision.INHIBITED
    is_too_early = not facts.is_first and facts.told is Told.IN_HAND
    return Decision.WAIT if is_too_early else Decision.SEND


def _decide_end(facts: Facts, patience: Patience) -> Decision:
    if facts.told is Told.NO:
        return Decision.UNHEARD
    if facts.age > patience.over:
        return Decision.OUTDATED
    return Decision.WAIT if facts.told is Told.IN_HAND else Decision.SEND
