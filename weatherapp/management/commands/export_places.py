"""Write all places as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from weatherapp.operations.places_csv.write import write_places


class Command(BaseCommand):
    help = "Write all places as CSV: name, latitude, longitude, time_zone, country, tags."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="Where to; without it, to the standard output.")

    def handle(self, *args: Any, file: str | None = None, **options: Any) -> None:
        if file is None:
            for line in write_places():
                self.stdout.write(line, ending="")
            return
        with Path(file).open("w", encoding="utf-8", newline="") as out:
            out.writelines(write_places())
