"""A site that owes many mails, and a place that becomes due meanwhile."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

from django.core.management import call_command
from django.utils import timezone

from tests.factories import make_alert, make_place, make_rule, make_scene, make_subscription
from weatherapp.delivery import outbox
from weatherapp.models import Place

STORM = datetime(2013, 6, 7, 12, tzinfo=UTC)  # within the table of the replay
FAR = timedelta(days=9)


def prepare(mails: int) -> None:
    """Owe so many mails; run in `manage.py shell -c`, prints the place's id."""
    call_command("migrate", verbosity=0)
    now = timezone.now()
    make_scene(
        starts_at=STORM - timedelta(hours=72),
        plays_until_at=STORM,
        anchor_scene_at=STORM,
        anchor_real_at=now,
    )
    place = make_place(
        source="replay",
        station="EWR",
        next_refresh_at=now + FAR,
        backfilled_at=now,
    )
    for number in range(mails):
        make_subscription(place, email=f"reader-{number}@example.org")
    alert = make_alert(make_rule(place), raised_at=now, confirmed_at=now)
    outbox.enqueue([alert.changes.get().pk], now=now)
    sys.stdout.write(str(place.pk))


def make_due(place_id: int) -> None:
    Place.objects.filter(pk=place_id).update(next_refresh_at=None)
