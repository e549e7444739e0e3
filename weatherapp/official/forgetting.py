"""Official warnings that are long over are deleted, with all that they were made of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from weatherapp.domain.time_limit import never
from weatherapp.models import OfficialMessage, OfficialWarning

# Longer than any feed lists what is over, so that nothing comes again as new; and a page that a mail
# leads to answers for as long.
KEPT = timedelta(days=30)
BATCH = 200  # warnings in one transaction: other writers get their turn


def forget_official_warnings(*, now: datetime, is_time_up: Callable[[], bool] = never) -> int:
    """How many warnings and messages were deleted; what does not fit the time the next call does.

    With a warning go its events, their places, its changes and the mails about these. A message
    goes when none of its events is left and no feed has listed it for as long.
    """
    before = now - KEPT
    over = OfficialWarning.objects.filter(ended_at__lt=before)
    left = OfficialMessage.objects.filter(event__isnull=True, seen_at__lt=before)
    return _delete(over, is_time_up) + _delete(left, is_time_up)


def _delete(
    rows: QuerySet[OfficialWarning] | QuerySet[OfficialMessage], is_time_up: Callable[[], bool]
) -> int:
    count = 0
    while not is_time_up() and (
        ids := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH])
    ):
        with transaction.atomic():
            # Asked again: what came back since is not deleted.
            count += rows.filter(pk__in=ids).delete()[1].get(rows.model._meta.label, 0)
    return count
