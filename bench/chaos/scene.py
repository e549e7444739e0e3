"""The weather that both runs play, and who wants to be told of it; run in `manage.py shell -c`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils import timezone

from tests.factories import make_rule, make_subscription, rain_soon
from weatherapp.alerting.engine.rule import Rule as EngineRule
from weatherapp.domain.cap import LEVELS
from weatherapp.domain.conditions import Aggregation, Basis, Comparison, Condition, Level
from weatherapp.intake.backfill import backfill
from weatherapp.intake.scenes.catalogue import SCENES
from weatherapp.models import Place, Rule
from weatherapp.operations import demo

# The rain of a tropical storm is over: its alerts rose, changed and ended.
ENDS_AT = datetime(2013, 6, 8, 12, tzinfo=UTC)
READERS = 3  # a place
# Something is told in almost every hour. Window in hours, threshold.
NERVOUS_RULES = ((1, 0.1), (1, 0.25), (3, 0.2), (3, 0.4), (6, 0.5), (12, 0.4), (24, 0.5))
# What gets worse and better: quantity, basis, hours, aggregation, a threshold for each severity.
RULES_WITH_LEVELS = (
    ("precipitation_probability", Basis.PROBABILITY, 3, Aggregation.ANY_WET, (0.15, 0.3, 0.5, 0.7)),
    ("wind_speed_ms", Basis.MEASURED, 1, Aggregation.MAXIMUM, (3.0, 4.5, 6.0, 8.0)),
    ("precipitation_mm", Basis.MEASURED, 3, Aggregation.SUM, (0.2, 2.0, 8.0, 20.0)),
)
RECOVERY = 0.9  # of the threshold


def prepare(hours: int) -> None:
    """Places, rules and readers of the demo; its last `hours` are still to be played."""
    scene = demo.load(SCENES["andrea-2013"])
    scene.starts_at, scene.plays_until_at = ENDS_AT - timedelta(hours=hours - 1), ENDS_AT
    scene.save()
    for place in Place.objects.all():
        # Before any tick: one that comes by while the player begins asks about a place without a past.
        backfill(place.pk, now=timezone.now())
    Rule.objects.update(is_active=False)
    places = list(Place.objects.all())
    for hours_ahead, threshold in NERVOUS_RULES:
        make_rule(
            *places,
            name=f"{threshold:.0%} within {hours_ahead} hours",
            says=rain_soon(hours_ahead, threshold=threshold, recovery=threshold - 0.02),
        )
    for quantity, basis, hours_looked_at, aggregation, thresholds in RULES_WITH_LEVELS:
        levels = tuple(
            Level(severity, threshold, threshold * RECOVERY)
            for severity, threshold in zip(LEVELS, thresholds, strict=True)
        )
        looked_at = (quantity, basis, hours_looked_at, aggregation, Comparison.AT_LEAST)
        says = EngineRule((Condition(*looked_at, levels),))
        make_rule(*places, name=f"Levels of {quantity}", says=says)
    _subscribe(places)


def _subscribe(places: list[Place]) -> None:
    for place in places:
        for number in range(READERS):
            make_subscription(
                place,
                email=f"reader-{number}@{place.station.lower()}.example.org",
                created_at=timezone.now(),
                confirmed_at=timezone.now(),
            )
