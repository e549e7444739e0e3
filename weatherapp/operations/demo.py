"""The demo: past weather played through the real pipeline, hour by hour."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic, sleep

from django.db import transaction
from django.utils import timezone

from weatherapp import tasks
from weatherapp.alerting.installing import install_rules
from weatherapp.domain.spans import floor_hour
from weatherapp.intake.backfill import backfill
from weatherapp.intake.scenes.catalogue import SceneScript
from weatherapp.intake.schedule import find_spread
from weatherapp.models import (
    Alert,
    Place,
    PredictionRequest,
    RequestState,
    RuleState,
    Scene,
    SourceName,
)
from weatherapp.operations.scored_scene import load_scored_past

HOUR = timedelta(hours=1)
CATCH_UP = timedelta(hours=72)  # after a longer absence the hours before are left out
PATIENCE_S = 20  # between two words about a predictor that does not answer

Report = Callable[[str], object]


def load(spec: SceneScript) -> Scene:
    """The scene's row, with its places where the database has none yet, and the site's rules."""
    install_rules(now=timezone.now())
    with transaction.atomic():
        scene, _ = Scene.objects.get_or_create(
            name=spec.name,
            defaults={
                "title": spec.title,
                "starts_at": spec.starts_at,
                "plays_until_at": spec.plays_until_at,
            },
        )
        if not Place.objects.exists():
            for station in spec.stations:
                Place.objects.create(
                    name=station.name,
                    latitude=station.latitude,
                    longitude=station.longitude,
                    time_zone=station.time_zone,
                    source=SourceName.REPLAY,
                    station=station.code,
                )
    load_scored_past(_replay_places())
    return scene


def play(scene: Scene, *, report: Report) -> int:
    """Play the hours that are due and let the real clock take over; how many were played.

    An interrupted play goes on at the hour where it was. The clock of the scene moves to an hour
    only when the hour before is fetched, predicted and evaluated. The days before the first one
    are stored at the beginning, and not whenever a tick comes by: every play tells the same.
    """
    for place in _replay_places():
        backfill(place.pk, now=timezone.now())
    hours = hours_to_play(scene, now=timezone.now())
    for done, hour_at in enumerate(hours):
        if done % 12 == 0:
            report(f"replayed {done} / {len(hours)} hours ({hour_at:%d %B %Y, %H:%M} UTC)")
        scene.playing_at = hour_at
        scene.save(update_fields=["playing_at"])
        _play_hour(report)
    _hand_over(scene, now=timezone.now())
    if hours:
        _plan(hours[-1], now=timezone.now())
        report(f"replayed {len(hours)} / {len(hours)} hours; it goes on by the clock")
    return len(hours)


def hours_to_play(scene: Scene, *, now: datetime) -> list[datetime]:
    """Scene hours, oldest first, that are still to be played at the real time `now`."""
    if scene.is_anchored:
        end_at = floor_hour(scene.anchored_time_at(now))
        start_at = max(scene.playing_at or _last_played(scene) + HOUR, end_at - CATCH_UP)
    else:
        end_at = scene.plays_until_at
        start_at = scene.playing_at or scene.starts_at
    count = (end_at - start_at) // HOUR + 1
    return [start_at + step * HOUR for step in range(max(count, 0))]


def _last_played(scene: Scene) -> datetime:
    newest = (
        PredictionRequest.objects.filter(place__in=_replay_places())
        .order_by("-window_end_at")
        .values_list("window_end_at", flat=True)
        .first()
    )
    return newest or scene.plays_until_at


def _hand_over(scene: Scene, *, now: datetime) -> None:
    """From here the scene's clock runs with the real one, both on the same minute."""
    if not scene.is_anchored:
        scene.anchor_scene_at, scene.anchor_real_at = scene.plays_until_at, floor_hour(now)
    scene.playing_at = None
    scene.save(update_fields=["anchor_scene_at", "anchor_real_at", "playing_at"])


def _plan(hour_at: datetime, *, now: datetime) -> None:
    """What was planned while hours passed in a moment: each next fetch and look, in real time.

    `hour_at` is the last hour that was played. Safe to call twice.
    """
    places = _replay_places()
    for place in places:
        next_at = now + (hour_at + HOUR - place.clock(now)) + find_spread(place.pk)
        Place.objects.filter(pk=place.pk).update(next_refresh_at=next_at, claimed_until=None)
    Alert.objects.open().filter(place__in=places).update(check_at=now)
    RuleState.objects.filter(place__in=places).update(check_at=now)


def _play_hour(report: Report) -> None:
    place_ids = [place.pk for place in _replay_places()]
    tasks.refresh_places(place_ids=place_ids)
    waiting = PredictionRequest.objects.filter(place__in=place_ids, state=RequestState.WAITING)
    asked = monotonic()
    while waiting.exists():
        sleep(0.01)
        if monotonic() - asked > PATIENCE_S:
            asked = monotonic()
            report("waiting for the predictor: are worker and predictor running?")


def _replay_places() -> list[Place]:
    return [place for place in Place.objects.active() if place.is_replay]
