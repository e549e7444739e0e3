"""Sending as the tests of this folder do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from tests.factories import NOON, make_alert, make_place, make_rule, make_subscription
from weatherapp.delivery import batch, outbox
from weatherapp.delivery.email import MailSession
from weatherapp.models import Alert, AlertChange, AlertState, ChangeReason, Delivery
from weatherapp.models.alert import OPEN_STATES

MINUTE = timedelta(minutes=1)


def send_one(send: Callable[..., bool], row_id: int, *, now: datetime = NOON) -> bool:
    """`send` of outbox or confirmations, over a connection of its own."""
    with MailSession() as session:
        return send(row_id, session, now=now)


def send_batch(
    *, now: datetime = NOON, mails: int = 1000, time: timedelta = 10 * MINUTE, step=timedelta()
) -> bool:
    """One run, by a clock that moves by `step` with each look."""
    looks = iter(range(10**6))
    return batch.send_due(lambda: now + next(looks) * step, batch.Bounds(mails, time))


def owe(count: int, *, now: datetime = NOON) -> list[int]:
    """Ids of so many alert mails to reader-0@example.org and so on."""
    place = make_place(name=f"Place at {now}")
    for number in range(count):
        make_subscription(place, email=f"reader-{number}@example.org")
    alert = make_alert(make_rule(place), raised_at=now)
    return outbox.enqueue([alert.changes.get().pk], now=now)


def end_alert(change: AlertChange, *, now: datetime) -> list[int]:
    """The alert of `change` is over; ids of the mails that this owes."""
    return outbox.enqueue([add_change(change.alert, ChangeReason.CLEARED, at=now).pk], now=now)


def worsen_alert(change: AlertChange, *, now: datetime) -> list[int]:
    """The alert of `change` got worse; ids of the mails that this owes."""
    return outbox.enqueue([add_change(change.alert, ChangeReason.ESCALATED, at=now).pk], now=now)


ENDS = {
    ChangeReason.CLEARED: AlertState.ENDED,
    ChangeReason.RULE_OFF: AlertState.ENDED,
    ChangeReason.PLACE_OFF: AlertState.ENDED,
    ChangeReason.NO_DATA: AlertState.ENDED,
    ChangeReason.NOT_CONFIRMED: AlertState.EXPIRED,
    ChangeReason.CANCELLED: AlertState.CANCELLED,
    ChangeReason.DATA_LOST: AlertState.NO_DATA,
    ChangeReason.EASING: AlertState.RECOVERING,
}


def add_change(alert: Alert, reason: ChangeReason, *, at: datetime, **fields: Any) -> AlertChange:
    """One more step in the alert's life, and what it makes of the alert."""
    raised = alert.changes.get(old_state="")
    new_state = ENDS.get(reason, AlertState.FIRING)
    is_over = new_state not in OPEN_STATES
    Alert.objects.filter(pk=alert.pk).update(state=new_state, ended_at=at if is_over else None)
    defaults = {"evidence": raised.evidence, "severity": raised.severity}
    return AlertChange.objects.create(
        alert=alert,
        old_state=AlertState.FIRING,
        new_state=new_state,
        reason=reason,
        onset_at=raised.onset_at,
        ends_at=raised.ends_at,
        changed_at=at,
        created_at=at,
        rule_version=raised.rule_version,
        **(defaults | fields),
    )


def read_states() -> dict[str, str]:
    """Recipient -> state of the only mail to it."""
    rows = Delivery.objects.values_list("subscription__email", "state")
    return dict(rows)
