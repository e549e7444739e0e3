"""The outbox: who is owed a mail, and sending it once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.conf import settings

from weatherapp.delivery.attempt import FIRST_WAIT, Kind, Result, attempt, find_outage_wait
from weatherapp.delivery.bounces import end_subscription, is_mailbox_gone
from weatherapp.delivery.email import MailServerError, MailSession
from weatherapp.delivery.facts import read_facts, read_patience
from weatherapp.delivery.messages import write_alert_mail
from weatherapp.delivery.policy import Decision, decide
from weatherapp.delivery.wording import KINDS
from weatherapp.models import AlertChange, Delivery, DeliveryState, Subscription

LONGEST_WAIT = timedelta(hours=1)


def enqueue(change_ids: Iterable[int], *, now: datetime) -> list[int]:
    """Owe a mail to every confirmed subscriber for each change that people are mailed of.

    Ids of what is to be sent for these changes. Safe to call twice.
    """
    changes = AlertChange.objects.filter(reason__in=list(KINDS), pk__in=list(change_ids))
    rows = list(changes.select_related("alert").order_by("pk"))
    readers = _read_readers({change.alert.place_id for change in rows})
    owed = [
        Delivery(change=change, subscription=subscription, created_at=now, due_at=now)
        for change in rows
        for subscription in readers[change.alert.place_id]
    ]
    if not owed:
        return []
    Delivery.objects.bulk_create(owed, ignore_conflicts=True, batch_size=500)
    pending = Delivery.objects.filter(change__in=changes, state=DeliveryState.PENDING)
    return list(pending.order_by("pk").values_list("pk", flat=True))


def _read_readers(place_ids: Iterable[int]) -> Mapping[int, list[Subscription]]:
    """Confirmed subscriptions by place; one query."""
    readers: dict[int, list[Subscription]] = defaultdict(list)
    for row in Subscription.objects.confirmed().filter(place__in=place_ids).order_by("pk"):
        readers[row.place_id].append(row)
    return readers


def due(*, now: datetime, has_failed: bool, limit: int) -> list[int]:
    """What may be sent now, longest owed first: of those that failed before, or of the others."""
    rows = Delivery.objects.due(now)
    rows = rows.exclude(error="") if has_failed else rows.filter(error="")
    return list(rows.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])


def send(delivery_id: int, session: MailSession, *, now: datetime) -> bool:
    """Mail one row; safe to call twice and from several workers. Whether the server answered.

    Raises MailServerError, and then the row is as if it had not been tried, but behind others.

    A row is sent at most once while workers live. One that dies after the mail server's yes and
    before `_finish` leaves a claimed row, which is sent again when its lease is over: rather a
    second mail, with the same Message-ID, than none.
    """
    until = now + settings.DELIVERY_LEASE
    if not Delivery(pk=delivery_id).claim(now=now, until=until):
        return False
    delivery = Delivery.objects.select_related(
        "subscription__place",
        "change__alert__place",
        "change__alert__rule",
        "change__rule_version",
        "official_change__warning",
    ).get(pk=delivery_id)
    decision = decide(read_facts(delivery, now=now), read_patience())
    if decision is Decision.SEND:
        return _try(delivery, session, now=now)
    if decision is Decision.WAIT:
        _give_back(delivery, due_at=now + FIRST_WAIT)
    else:
        _finish(delivery, DeliveryState.DROPPED, drop_reason=decision.value)
    return False


def send_again(delivery_ids: Iterable[int], *, now: datetime) -> list[int]:
    """Give up on giving up: failed rows are due at once, with all their tries. Their ids."""
    failed = Delivery.objects.filter(pk__in=list(delivery_ids), state=DeliveryState.FAILED)
    ids = list(failed.order_by("pk").values_list("pk", flat=True))
    failed.update(
        state=DeliveryState.PENDING, attempts=0, due_at=now, claimed_until=None, failed_at=None
    )
    return ids


def _try(delivery: Delivery, session: MailSession, *, now: datetime) -> bool:
    if delivery.attempts > settings.DELIVERY_MAX_ATTEMPTS:
        _fail(delivery, "No try came to an end: see the worker's log.", now=now)
        return False
    write = partial(write_alert_mail, delivery)
    try:
        result = attempt(write, session, name=f"Delivery {delivery.pk}")
    except MailServerError as error:
        delivery.maybe_sent = delivery.maybe_sent or error.maybe_sent
        wait = find_outage_wait(delivery.created_at, now=now)
        _give_back(delivery, due_at=now + wait, error=str(error))
        raise
    _settle(delivery, result, now=now)
    return result.is_answer


def _settle(delivery: Delivery, result: Result, *, now: datetime) -> None:
    """Write down how a try ended."""
    if result.kind is Kind.SENT:
        _finish(delivery, DeliveryState.SENT, error="", sent_at=now)
        return
    if result.refusal is not None and is_mailbox_gone(result.refusal):
        end_subscription(delivery.subscription, result.refusal, now)
    is_last = delivery.attempts >= settings.DELIVERY_MAX_ATTEMPTS
    if result.kind is Kind.REFUSED or is_last:
        _fail(delivery, result.error, now=now)
        return
    wait = min(FIRST_WAIT * 2 ** (delivery.attempts - 1), LONGEST_WAIT)
    _finish(delivery, DeliveryState.PENDING, error=result.error, due_at=now + wait)


def _fail(delivery: Delivery, error: str, *, now: datetime) -> None:
    _finish(delivery, DeliveryState.FAILED, error=error, failed_at=now)


def _give_back(delivery: Delivery, **fields: Any) -> None:
    """Nothing was learned about this mail: it keeps the try."""
    _finish(delivery, DeliveryState.PENDING, attempts=delivery.attempts - 1, **fields)


def _finish(delivery: Delivery, state: DeliveryState, **fields: Any) -> None:
    """Let go of the row, unless the lease ran out and somebody else holds it by now."""
    if "error" in fields:
        fields["error"] = fields["error"][:500]
    Delivery.objects.filter(
        pk=delivery.pk, state=DeliveryState.PENDING, claimed_until=delivery.claimed_until
    ).update(state=state, claimed_until=None, maybe_sent=delivery.maybe_sent, **fields)
