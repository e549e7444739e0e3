"""Whether a mail about an alert is sent, waits, or is not worth sending any more. Pure.

Two mails at most go to a person about an alert: that it was raised, and that it is over. Nobody
hears of the end who did not hear of the beginning, and nobody hears of the beginning after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Told(StrEnum):
    """What is known of the mail that told the same person that the alert was raised."""

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


@dataclass(frozen=True, slots=True)
class Patience:
    """For how long after the change a mail about it is worth sending."""

    raised: timedelta
    over: timedelta


@dataclass(frozen=True, slots=True)
class Facts:
    """`told` matters where the mail is about the end."""

    is_raise: bool
    is_wanted: bool  # the person is still subscribed
    is_over: bool  # the alert, by now
    age: timedelta
    told: Told = Told.NO


def decide(facts: Facts, patience: Patience) -> Decision:
    if not facts.is_wanted:
        return Decision.UNWANTED
    return _decide_raise(facts, patience) if facts.is_raise else _decide_end(facts, patience)


def _decide_raise(facts: Facts, patience: Patience) -> Decision:
    if facts.is_over:
        return Decision.OVERTAKEN
    return Decision.OUTDATED if facts.age > patience.raised else Decision.SEND


def _decide_end(facts: Facts, patience: Patience) -> Decision:
    if facts.told is Told.NO:
        return Decision.UNHEARD
    if facts.age > patience.over:
        return Decision.OUTDATED
    return Decision.WAIT if facts.told is Told.IN_HAND else Decision.SEND
