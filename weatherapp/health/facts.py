"""How the work goes, as the tables tell it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery

from weatherapp.delivery.mail_state import MailState, read_mail_state
from weatherapp.health.clocks import CLOCK_TOLERANCE, places_ahead
from weatherapp.models import (
    Delivery,
    DeliveryState,
    OutgoingServer,
    Place,
    Prediction,
    PredictionRequest,
    Reading,
    RequestState,
    Subscription,
    TickRun,
    WarningSource,
)

TIME_TO_ANSWER = timedelta(minutes=5)  # a predictor that is up and not flooded needs seconds
UNANSWERED = (RequestState.WAITING, RequestState.EXPIRED, RequestState.REFUSED)
STANDS_STILL_AFTER = timedelta(hours=1)  # a whole round of fetches was missed


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """The active places of one source."""

    name: str
    places: int
    failed_places: int
    overdue_places: int
    places_ahead: int
    oldest_due_at: datetime | None
    fetched_at: datetime | None  # the newest of all
    refresh_hours: int = 1  # of the place that is fetched most often


@dataclass(frozen=True, slots=True)
class Cycle:
    """The last time that weather became a prediction, by the newest answer and what it was made of.

    `fetched_at` is when the newest hour that was sent came, None where it was mended since.
    """

    fetched_at: datetime | None
    asked_at: datetime
    answered_at: datetime

    @property
    def took(self) -> timedelta:
        """From the question to the stored answer."""
        return self.answered_at - self.asked_at


@dataclass(frozen=True, slots=True)
class Work:
    """Times in the future are left out: what a wrong clock wrote has no age."""

    now: datetime
    up: timedelta  # how long the process that asks has been running
    sources: tuple[SourceFacts, ...]
    ticks: tuple[TickRun, ...]
    waiting: int
    answered_at: datetime | None
    missed_at: datetime | None  # the oldest question without an answer while none came
    mail_due_at: datetime | None
    confirmation_due_at: datetime | None
    mail: MailState
    cycle: Cycle | None = None
    warning_sources: tuple[WarningSource, ...] = ()  # that are on
    mqtt: OutgoingServer | None = None  # None: there is none, or nothing was sent yet

    @property
    def places(self) -> int:
        return sum(source.places for source in self.sources)

    @property
    def failed_places(self) -> int:
        return sum(source.failed_places for source in self.sources)

    @property
    def oldest_due_at(self) -> datetime | None:
        return min((at for source in self.sources if (at := source.oldest_due_at)), default=None)

    def age_of(self, at: datetime | None) -> timedelta | None:
        return None if at is None or at > self.now else self.now - at


def read_work(now: datetime, *, up: timedelta = timedelta.max) -> Work:
    """Eleven queries, however many places there are; with MQTT twelve."""
    answered_at, cycle = _read_last_answer(now)
    return Work(
        now=now,
        up=up,
        sources=tuple(_read_sources(now)),
        ticks=tuple(TickRun.objects.all()),
        waiting=PredictionRequest.objects.filter(state=RequestState.WAITING).count(),
        answered_at=answered_at,
        cycle=cycle,
        missed_at=_read_missed(now, answered_at),
        mail_due_at=Delivery.objects.filter(state=DeliveryState.PENDING, due_at__lte=now).aggregate(
            at=Min("due_at")
        )["at"],
        confirmation_due_at=Subscription.objects.filter(confirmation_due_at__lte=now).aggregate(
            at=Min("confirmation_due_at")
        )["at"],
        mail=read_mail_state(now),
        warning_sources=tuple(WarningSource.objects.on()),
        mqtt=_read_mqtt(),
    )


def _read_mqtt() -> OutgoingServer | None:
    return OutgoingServer.objects.filter(pk="mqtt").first() if settings.MQTT.is_on else None


def _read_sources(now: datetime) -> Iterable[SourceFacts]:
    """A place without a source of its own counts for the site's."""
    overdue = Q(next_refresh_at__lte=now - STANDS_STILL_AFTER)
    rows = (
        Place.objects.active()
        .order_by()
        .values("source")
        .annotate(
            places=Count("pk"),
            failed_places=Count("pk", filter=Q(fetch_failures__gt=0)),
            overdue_places=Count("pk", filter=overdue),
            places_ahead=Count("pk", filter=places_ahead(now)),
            oldest_due_at=Min("next_refresh_at", filter=Q(next_refresh_at__lte=now)),
            shortest_hours=Min("refresh_hours"),
            last_fetched_at=Max("fetched_at", filter=Q(fetched_at__lte=now)),
        )
    )
    for row in rows:
        yield SourceFacts(
            name=row["source"] or settings.WEATHER_SOURCE,
            places=row["places"],
            failed_places=row["failed_places"],
            overdue_places=row["overdue_places"],
            places_ahead=row["places_ahead"],
            oldest_due_at=row["oldest_due_at"],
            fetched_at=row["last_fetched_at"],
            refresh_hours=row["shortest_hours"],
        )


def _read_last_answer(now: datetime) -> tuple[datetime | None, Cycle | None]:
    """By number and not by time: an answer of a wrong clock must not stand for the newest."""
    came = Reading.objects.filter(
        place=OuterRef("place"), observed_at=OuterRef("window_end_at")
    ).order_by("-pk")
    answers = Prediction.objects.filter(answered_at__lte=now + CLOCK_TOLERANCE).annotate(
        fetched_at=Subquery(came.values("received_at")[:1])
    )
    names = ("fetched_at", "request__created_at", "answered_at")
    newest = answers.order_by("-pk").values_list(*names).first()
    if newest is None:
        return None, None
    fetched_at, asked_at, answered_at = newest
    return min(answered_at, now), _make_cycle(fetched_at, asked_at, min(answered_at, now))


def _make_cycle(
    fetched_at: datetime | None, asked_at: datetime | None, answered_at: datetime
) -> Cycle | None:
    """None where the question is forgotten, or a wrong clock wrote it."""
    if asked_at is None or asked_at > answered_at:
        return None
    is_known = fetched_at is not None and fetched_at <= asked_at
    return Cycle(fetched_at if is_known else None, asked_at, answered_at)


def _read_missed(now: datetime, answered_at: datetime | None) -> datetime | None:
    """None where the predictor has answered since, or still has time to."""
    # By state and time of expiry, as the index has them: the table holds months.
    missed = PredictionRequest.objects.filter(
        state__in=UNANSWERED,
        expires_at__gt=now - settings.PREDICTION_FRESH,
        created_at__lt=now - TIME_TO_ANSWER,
    )
    if answered_at is not None:
        missed = missed.filter(created_at__gt=answered_at)
    return _oldest(missed, "created_at")


def _oldest(rows: QuerySet[Any], field: str) -> datetime | None:
    at: datetime | None = rows.aggregate(at=Min(field))["at"]
    return at
