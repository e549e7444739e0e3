"""Whom a change of an official warning concerns: who subscribes to the places that it is at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from weatherapp.models import Delivery, OfficialPlace, OfficialReason, Subscription

CHANGE = "event__warning__changes"
READER = "place__subscriptions"
EVERYWHERE = sorted(set(OfficialReason) - {OfficialReason.SPREAD})
IS_STANDING = Q(event__ended_at__isnull=True) | Q(
    event__warning__changes__reason=OfficialReason.CANCELLED
)


@dataclass(frozen=True, slots=True)
class Reached:
    """Confirmed subscriptions of one mailbox, the first of a place each, by the place's name.

    `standing` are of places where the warning is not over; `all` has the others, too.
    """

    all: tuple[Subscription, ...]
    standing: tuple[Subscription, ...]


def find_reached(
    change_ids: Collection[int], *, condition: Q | None = None, **whose: str
) -> QuerySet[OfficialPlace]:
    """A row a change, event, place and confirmed subscription; `whose` narrows the subscriptions.

    A warning that spreads is news only at places that none of its events was at before.
    """
    earlier = OfficialPlace.objects.filter(
        event__warning=OuterRef("event__warning"),
        place=OuterRef("place"),
        since_at__lt=OuterRef("since_at"),
    )
    is_everywhere = Q(event__warning__changes__reason__in=EVERYWHERE)
    has_come = Q(~Exists(earlier), since_at=F("event__warning__changes__created_at"))
    # One call: each further one would join the changes and the subscriptions anew.
    return OfficialPlace.objects.filter(
        is_everywhere | has_come,
        condition or Q(),
        event__warning__changes__in=change_ids,
        place__subscriptions__confirmed_at__isnull=False,
        place__subscriptions__unsubscribed_at__isnull=True,
        **{f"{READER}__{name}": value for name, value in whose.items()},
    ).order_by()


def read_reached(delivery: Delivery) -> Reached:
    """By what the rows hold now. Two queries."""
    rows = find_reached(
        [delivery.official_change_id or 0], email_key=delivery.subscription.email_key
    )
    is_standing: dict[int, bool] = {}
    for pk, ended_at in rows.values_list(READER, "event__ended_at"):
        is_standing[pk] = is_standing.get(pk, False) or ended_at is None
    subscriptions = Subscription.objects.filter(pk__in=is_standing).select_related("place")
    its: Sequence[Subscription] = list(subscriptions.order_by("place__name", "pk"))
    return Reached(tuple(its), tuple(row for row in its if is_standing[row.pk]))
