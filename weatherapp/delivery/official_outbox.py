"""Who is owed a mail about an official warning: one a mailbox and change, whatever the places."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.db import connection, transaction
from django.db.models import Min, QuerySet

from weatherapp.delivery.official_reach import CHANGE, IS_STANDING, READER, find_reached
from weatherapp.domain.time_limit import never
from weatherapp.models import Delivery, OfficialChange

CHANGES_TOGETHER = 50
ROWS_TOGETHER = 500


def owe_official_mails(*, now: datetime, is_time_up: Callable[[], bool] = never) -> int:
    """For each change that awaits them its mails; how many.

    A change stops waiting in the transaction that stores its mails: a worker that is killed loses
    none, and two never owe one twice.
    """
    count = 0
    while not is_time_up() and _waiting().exists():
        with transaction.atomic():
            change_ids = _take()
            count += _owe(change_ids, now)
            OfficialChange.objects.filter(pk__in=change_ids).update(awaits_mails=False)
    return count


def _waiting() -> QuerySet[OfficialChange]:
    return OfficialChange.objects.filter(awaits_mails=True)


def _take() -> Sequence[int]:
    """The longest waiting, held until the transaction's end; who comes second waits for that."""
    rows = _waiting().order_by("pk")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update()
    return list(rows.values_list("pk", flat=True)[:CHANGES_TOGETHER])


def _owe(change_ids: Collection[int], now: datetime) -> int:
    count = 0
    owed = _list_owed(change_ids, now)
    while rows := list(islice(owed, ROWS_TOGETHER)):
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
        count += len(rows)
    return count


def _list_owed(change_ids: Collection[int], now: datetime) -> Iterator[Delivery]:
    """One query, whose rows come one by one."""
    reached = find_reached(change_ids, condition=IS_STANDING)
    owed = reached.values_list(CHANGE, f"{READER}__email_key").annotate(first=Min(READER))
    for change_id, _, subscription_id in owed.order_by(CHANGE, "first").iterator():
        yield Delivery(
            official_change_id=change_id,
            subscription_id=subscription_id,
            created_at=now,
            due_at=now,
        )
