"""What is published of an alert, and when."""

from datetime import timedelta

import pytest

from tests.factories import NOON
from weatherapp.domain.cap import Severity
from weatherapp.publishing.decide import (
    AFTER_ONSET,
    LIFE,
    NOTHING,
    OVER_LIFE,
    RENEWED_BEFORE,
    Decision,
    Ending,
    Kind,
    Standing,
    Told,
    decide,
    find_expiry,
    pick_references,
)

HOUR = timedelta(hours=1)


def standing(**fields):
    defaults = {
        "ending": None,
        "severity": Severity.MODERATE,
        "onset_at": NOON,
        "ends_at": NOON + 6 * HOUR,
        "is_confirmed": True,
    }
    return Standing(**(defaults | fields))


def told(kind=Kind.ALERT, *, severity=Severity.MODERATE, expires_at=NOON + LIFE):
    return Told(kind, severity, expires_at)


def test_new_alert_is_published_and_looked_at_again_before_its_message_expires():
    decision = decide(standing(), None, has_news=True, now=NOON)

    assert decision == Decision(Kind.ALERT, NOON + LIFE - RENEWED_BEFORE)


def test_news_are_an_update():
    assert decide(standing(), told(), has_news=True, now=NOON).kind is Kind.UPDATE


@pytest.mark.parametrize("severity", [Severity.MINOR, Severity.EXTREME])
def test_another_severity_is_an_update_though_its_change_was_not_seen(severity):
    now = standing(severity=severity)

    assert decide(now, told(), has_news=False, now=NOON).kind is Kind.UPDATE


def test_nothing_new_is_nothing_until_the_message_would_expire():
    due_at = NOON + LIFE - RENEWED_BEFORE

    assert decide(standing(), told(), has_news=False, now=NOON) == Decision(None, due_at)
    assert decide(standing(), told(), has_news=False, now=due_at).kind is Kind.RENEWAL


def test_what_nothing_confirms_is_not_renewed():
    lost = standing(is_confirmed=False)

    assert decide(lost, told(), has_news=False, now=NOON + LIFE) == NOTHING


@pytest.mark.parametrize(
    ("ending", "kind"),
    [(Ending.OVER, Kind.ALL_CLEAR), (Ending.WITHDRAWN, Kind.CANCEL), (Ending.UNKNOWN, None)],
)
def test_ends_are_told_apart(ending, kind):
    ended = standing(ending=ending)

    assert decide(ended, told(), has_news=True, now=NOON) == Decision(kind, None)


def test_what_ended_before_anybody_was_told_is_not_published():
    ended = standing(ending=Ending.OVER)

    assert decide(ended, None, has_news=True, now=NOON) == NOTHING


@pytest.mark.parametrize("kind", [Kind.ALL_CLEAR, Kind.CANCEL])
def test_after_the_last_message_comes_no_other(kind):
    assert decide(standing(), told(kind), has_news=True, now=NOON) == NOTHING


def test_message_about_what_is_to_come_lives_until_it_has_come():
    expires_at = find_expiry(Kind.ALERT, onset_at=NOON + 20 * HOUR, now=NOON)

    assert expires_at == NOON + 20 * HOUR + AFTER_ONSET


def test_message_about_an_end_lives_short():
    assert find_expiry(Kind.CANCEL, onset_at=NOON + 20 * HOUR, now=NOON) == NOON + OVER_LIFE


def test_all_messages_that_are_alive_are_named_or_else_the_newest():
    old, alive, newest = (told(expires_at=NOON + hours * HOUR) for hours in (-2, 1, 2))

    assert pick_references([old, alive, newest], now=NOON) == [alive, newest]
    assert pick_references([old], now=NOON) == [old]
    assert pick_references([], now=NOON) == []
