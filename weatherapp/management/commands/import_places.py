"""Store places from CSV, all of them or none."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils import timezone
from kombu.exceptions import OperationalError

from weatherapp import tasks
from weatherapp.operations.places_csv.read import PlacesCsvError
from weatherapp.operations.places_csv.store import import_places

STANDARD_INPUT = "-"


class Command(BaseCommand):
    help = (
        "Store places from CSV: name, latitude, longitude, and if you like time_zone, country, tags"
        " (divided by |). A place is known by its name; what the table does not name stays."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="The table, UTF-8; - for the standard input.")
        parser.add_argument("--dry-run", action="store_true", help="Only say what would happen.")

    def handle(self, *args: Any, file: str, dry_run: bool, **options: Any) -> None:
        try:
            stored = import_places(_read(file), now=timezone.now(), is_trial=dry_run)
        except PlacesCsvError as error:
            lines = [_describe(problem) for problem in error.problems]
            raise CommandError("\n".join([*lines, "Nothing was stored."])) from error
        self.stdout.write(
            render_to_string("operations/places_stored.txt", {"stored": stored}).strip()
        )
        if not dry_run and stored.to_evaluate:
            self._apply_rules(stored.to_evaluate)

    def _apply_rules(self, place_ids: list[int]) -> None:
        try:
            tasks.evaluate_places.delay(place_ids=place_ids)
        except OperationalError:
            self.stderr.write("The queue is away: rules are applied with the places' next weather.")


def _read(file: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if file == STANDARD_INPUT else Path(file).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{file} is not UTF-8. Save the table as CSV, UTF-8.") from error


def _describe(problem: object) -> str:
    return render_to_string("operations/place_problem.txt", {"problem": problem}).strip()
