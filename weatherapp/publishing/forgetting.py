"""Messages that nobody needs any more are deleted, after the time that the settings state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from weatherapp.domain.time_limit import never
from weatherapp.models import Alert, PublishedMessage
from weatherapp.models.alert import OPEN_STATES

BATCH = 500  # rows in one transaction: other writers get their turn


def forget_old_messages(*, now: datetime, is_time_up: Callable[[], bool] = never) -> int:
    """How many were deleted; what does not fit the time the next call goes on with.

    A message that one which is still kept refers to stays; and so does the last one of an alert
    that goes on, since the next one counts on from it.
    """
    old, count = _list_old(now - settings.KEEP_PUBLISHED), 0
    while keys := list(old.order_by("expires_at", "pk").values_list("pk", flat=True)[:BATCH]):
        count += PublishedMessage.objects.filter(pk__in=keys).delete()[0]
        if is_time_up():
            break
    return count


def _list_old(limit_at: datetime) -> QuerySet[PublishedMessage]:
    """Those that expired before `limit_at`, by the references that decide.pick_references() picks."""
    same = PublishedMessage.objects.filter(alert=OuterRef("alert"))
    kept, newer = same.filter(expires_at__gte=limit_at), same.filter(number__gt=OuterRef("number"))
    refers = Q(number=OuterRef("number") + 1) | Q(sent_at__lt=OuterRef("expires_at"))
    referring = kept.filter(refers, number__gt=OuterRef("number"))
    going_on = Exists(
        Alert.objects.filter(
            Q(state__in=OPEN_STATES) | Q(publish_at__isnull=False), pk=OuterRef("alert")
        )
    )
    return PublishedMessage.objects.filter(
        (going_on & Exists(newer) & ~Exists(referring)) | (~going_on & ~Exists(kept)),
        expires_at__lt=limit_at,
    )
