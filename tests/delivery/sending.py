"""Sending as the tests of this folder do it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from tests.factories import NOON, make_alert, make_place, make_rule, make_subscription
from weatherapp.delivery import batch, outbox
from weatherapp.delivery.email import MailSession
from weatherapp.models import AlertChange, AlertState, ChangeReason, Delivery

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
    alert = change.alert
    alert.state, alert.ended_at = AlertState.ENDED, now
    alert.save()
    end = AlertChange.objects.create(
        alert=alert,
        old_state=AlertState.ACTIVE,
        new_state=AlertState.ENDED,
        reason=ChangeReason.CLEARED,
        changed_at=now,
        created_at=now,
        evidence=change.evidence,
    )
    return outbox.enqueue([end.pk], now=now)


def read_states() -> dict[str, str]:
    """Recipient -> state of the only mail to it."""
    rows = Delivery.objects.values_list("subscription__email", "state")
    return dict(rows)
