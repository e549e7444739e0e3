"""The queue in figures, for people and for whoever scales the predictors."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from weatherapp.forecasting.asking.queue_status import read_status


class Command(BaseCommand):
    help = "Print what /queue-status answers, or the command that fits the predictors to the load."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--scale", action="store_true", help="Print the heroku ps:scale command instead."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        status = read_status(now=timezone.now())
        if options["scale"]:
            self.stdout.write(f"heroku ps:scale predictor={status.suggested_predictors}")
        else:
            self.stdout.write(json.dumps(status.to_json(), indent=2))
