"""The Celery doors to official warnings; weatherapp/tasks.py names them, and says what holds for all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from celery import shared_task
from django.utils import timezone

from weatherapp.domain.time_limit import start_time_limit
from weatherapp.health.ticks import HOUR, MINUTE, tick
from weatherapp.models import WarningSource
from weatherapp.official import catalogue_rows, forgetting, pending
from weatherapp.official.schedule import QUEUE_LEASE

# A source that hangs holds the worker for a minute: of hundreds the rest has its turn a minute later.
SOURCES_A_TICK = 10
EVENTS_A_TICK = 1000
FORGETTING_SECONDS = 10.0
CODING_SECONDS = 10.0  # of a minute: some 1,000 places


@shared_task(name="weatherapp.tasks.poll_due_sources")
@tick(every=MINUTE)
def poll_due_sources() -> None:
    """Tick: claim the sources of official warnings that are due, a task each."""
    now = timezone.now()
    for source_id in WarningSource.objects.claim_due(
        now=now, lease=QUEUE_LEASE, limit=SOURCES_A_TICK
    ):
        poll_source.delay(source_id=source_id, claim=(now + QUEUE_LEASE).isoformat())


@shared_task(name="weatherapp.tasks.poll_source")
def poll_source(*, source_id: int, claim: str) -> None:
    """Ask one source. A message that comes twice finds its claim used."""
    from weatherapp.official import polling  # with the network client, which few tasks need

    polling.poll(source_id, datetime.fromisoformat(claim), clock=timezone.now)


@shared_task(name="weatherapp.tasks.suggest_sources")
@tick(every=HOUR)
def suggest_sources() -> None:
    """Tick: the catalogue's sources as rows, and those of countries with places as suggestions."""
    catalogue_rows.store_catalogue()
    catalogue_rows.suggest()


@shared_task(name="weatherapp.tasks.code_places")
@tick(every=MINUTE)
def code_places() -> None:
    """Tick: in which areas of the authorities places are that are new or were moved."""
    from weatherapp.official.areas import coding  # with the table, which nothing else needs

    now = timezone.now()
    coding.code_places(
        now=now,
        is_time_up=start_time_limit(CODING_SECONDS),
        coded=partial(_place_anew, now=now),
    )


def _place_anew(place_ids: Sequence[int], *, now: datetime) -> None:
    if pending.is_any_open(now):
        from weatherapp.official.storing import take  # with the readers, which few tasks need

        take.place_anew(place_ids, now=now)


@shared_task(name="weatherapp.tasks.update_official_events")
@tick(every=MINUTE)
def update_official_events() -> None:
    """Tick: events that time has ended, and those of sources that were switched off."""
    now = timezone.now()
    if not pending.is_due(now):
        return
    from weatherapp.official.storing import take  # with the readers, which few tasks need

    take.end_of_sources_off(now=now)
    take.refold_due(now=now, limit=EVENTS_A_TICK)


@shared_task(name="weatherapp.tasks.forget_official_warnings")
@tick(every=HOUR)
def forget_official_warnings() -> None:
    """Tick: what is long over."""
    forgetting.forget_official_warnings(
        now=timezone.now(), is_time_up=start_time_limit(FORGETTING_SECONDS)
    )
