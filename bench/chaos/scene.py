"""The weather that both runs play, and who wants to be told of it; run in `manage.py shell -c`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from tests.factories import make_rule, make_subscription
from weatherapp.intake.scenes.catalogue import SCENES
from weatherapp.models import Place
from weatherapp.operations import demo

# The rain of a tropical storm is over: its alerts rose, changed and ended.
ENDS_AT = datetime(2013, 6, 8, 12, tzinfo=UTC)
READERS = 3  # a place
# Beside the demo's rules: something is told in almost every hour. Window in hours, threshold.
NERVOUS_RULES = ((1, 0.1), (1, 0.25), (3, 0.2), (3, 0.4), (12, 0.4), (24, 0.5))


def prepare(hours: int) -> None:
    """Places, rules and readers of the demo; its last `hours` are still to be played."""
    scene = demo.load(SCENES["andrea-2013"])
    scene.starts_at, scene.plays_until_at = ENDS_AT - timedelta(hours=hours - 1), ENDS_AT
    scene.save()
    for place in Place.objects.all():
        for window_hours, threshold in NERVOUS_RULES:
            name = f"{threshold:.0%} within {window_hours} hours"
            make_rule(place, name=name, window_hours=window_hours, threshold=threshold, margin=0.02)
        for number in range(READERS):
            make_subscription(
                place,
                email=f"reader-{number}@{place.station.lower()}.example.org",
                created_at=timezone.now(),
                confirmed_at=timezone.now(),
            )
