"""Load the demo and play it up to its present."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from weatherapp.intake.scenes.catalogue import SCENES
from weatherapp.models import Place, SourceName
from weatherapp.operations import demo


class Command(BaseCommand):
    help = "Replay past weather through the running worker and predictor, then go on by the clock."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scene", choices=sorted(SCENES), default=next(iter(SCENES)))

    def handle(self, *args: Any, **options: Any) -> None:
        if not _is_wanted():
            self.stdout.write("Nothing to replay: the places have real weather.")
            return
        scene = demo.load(SCENES[options["scene"]])
        self.stdout.write(f"{scene.title}: a replay of past weather")
        demo.play(scene, report=self.stdout.write)


def _is_wanted() -> bool:
    """Some place is replayed, or there is none yet and the site's source is the replay."""
    places = Place.objects.all()
    if not places:
        return bool(settings.WEATHER_SOURCE == SourceName.REPLAY)
    return any(place.is_replay for place in places)
