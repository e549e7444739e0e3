"""What a clock that was ahead left behind: times further in the future than they can be.

Plans, leases and counts are put right, which at worst makes work come early. Facts (readings,
predictions, changes of alerts) stay as they are: where this very clock is wrong, they are right.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Model, Q

from weatherapp.alerting.engine.timing import LATEST
from weatherapp.delivery.breaker import LONGEST_REST, RUN_LEASE
from weatherapp.models import (
    Alert,
    Budget,
    Delivery,
    DeliveryState,
    OutgoingServer,
    Place,
    PredictionRequest,
    RequestState,
    RuleState,
    Subscription,
    WarningSource,
)
from weatherapp.models.alert import OPEN_STATES
from weatherapp.official.schedule import LONGEST_LEASE

logger = logging.getLogger(__name__)

CLOCK_TOLERANCE = timedelta(minutes=2)  # between the clocks of two machines
AT_ONCE = timedelta(0)
ALL = Q()
# The next full hour of the place and the spread after it; a source that fails may ask for a day, and
# a calm place may wait for one.
NEXT_FETCH = timedelta(hours=1, minutes=10)
NEXT_TRY = timedelta(days=1, minutes=10)
NEXT_MAIL_TRY = timedelta(hours=1)
NEXT_CONFIRMATION_TRY = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Bound:
    """A time of a row that lies further ahead than `furthest` is set to now and `then`."""

    model: type[Model]
    field: str
    furthest: timedelta
    then: timedelta = AT_ONCE
    only: Q = ALL

    def beyond(self, now: datetime) -> Q:
        return self.only & Q(**{f"{self.field}__gt": now + self.furthest + CLOCK_TOLERANCE})


IS_HOURLY = Q(fetch_failures=0, refresh_hours=1)
NEXT_FETCH_BOUNDS = (
    Bound(Place, "next_refresh_at", NEXT_FETCH, only=IS_HOURLY),
    Bound(Place, "next_refresh_at", NEXT_TRY, only=~IS_HOURLY),
)


def list_bounds() -> tuple[Bound, ...]:
    """All of them; a table with a schedule or a lease of its own adds a line."""
    waiting = Q(state=RequestState.WAITING)
    pending = Q(state=DeliveryState.PENDING)
    return (
        *NEXT_FETCH_BOUNDS,
        Bound(Place, "claimed_until", settings.FETCH_LEASE),
        Bound(Place, "next_backfill_at", NEXT_TRY),
        Bound(PredictionRequest, "created_at", AT_ONCE, only=waiting),
        # Looked for on the queue again; what is there stays.
        Bound(PredictionRequest, "sent_at", AT_ONCE, only=waiting),
        Bound(
            PredictionRequest,
            "expires_at",
            settings.PREDICTION_EXPIRES,
            then=settings.PREDICTION_EXPIRES,
            only=waiting,
        ),
        Bound(Delivery, "due_at", NEXT_MAIL_TRY, only=pending),
        Bound(Delivery, "claimed_until", settings.DELIVERY_LEASE, only=pending),
        Bound(Subscription, "confirmation_due_at", NEXT_CONFIRMATION_TRY),
        Bound(Subscription, "confirmation_claimed_until", settings.DELIVERY_LEASE),
        # Now is the latest that it can have been; from here on it runs out without data.
        Bound(Alert, "confirmed_at", AT_ONCE, only=Q(state__in=OPEN_STATES)),
        Bound(Alert, "check_at", LATEST, only=Q(state__in=OPEN_STATES)),
        Bound(RuleState, "check_at", LATEST),
        Bound(OutgoingServer, "open_until", LONGEST_REST),
        Bound(OutgoingServer, "run_queued_until", RUN_LEASE),
        Bound(WarningSource, "next_poll_at", NEXT_TRY),
        Bound(WarningSource, "claimed_until", LONGEST_LEASE),
        # Tokens grow back from then on.
        Bound(Budget, "counted_at", AT_ONCE),
    )


def places_ahead(now: datetime) -> Q:
    """Places that a wrong clock has planned."""
    planned, retried = (bound.beyond(now) for bound in NEXT_FETCH_BOUNDS)
    return planned | retried


def mend_times(*, now: datetime) -> int:
    """How many rows were put right; one statement a line of the list. Safe to call twice."""
    return sum(_mend(bound, now) for bound in list_bounds())


def _mend(bound: Bound, now: datetime) -> int:
    rows = bound.model._default_manager.filter(bound.beyond(now))
    count = rows.update(**{bound.field: now + bound.then})
    if count:
        logger.warning(
            "A clock was ahead: %s.%s of %s rows was in the future",
            bound.model._meta.label,
            bound.field,
            count,
        )
    return count
