"""What matching warnings with places costs: time, and what the process grows by.

`DATABASE_URL=... python -m bench.official_matching` migrates that database, which must be empty, and
prints a table; without DATABASE_URL it is SQLite in a folder of its own.
"""

from __future__ import annotations

import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

PLACES, WARNINGS, ZONES_A_WARNING = 10_000, 2_000, 20

Code = tuple[str, str]


def main() -> None:
    with TemporaryDirectory() as folder:
        os.environ.setdefault("DATABASE_URL", f"sqlite:///{folder}/site.sqlite3")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weatheralert.settings")
        os.environ.setdefault("SECRET_KEY", "bench-only")
        os.environ.setdefault("ALLOWED_HOSTS", "localhost")
        import django

        django.setup()
        _measure()


def _measure() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from weatherapp.models import CodedPosition, PlaceCode
    from weatherapp.official.areas.coding import code_places
    from weatherapp.official.areas.matching import match

    call_command("migrate", verbosity=0, skip_checks=True)
    _store_places()
    print(f"{connection.vendor}: {PLACES:,} places, {WARNINGS:,} warnings")
    print("| what | seconds | the process grows by |", "|---|---|---|", sep="\n")
    with _measured("all places are coded"):
        code_places(now=timezone.now(), is_time_up=lambda: False)
    with _measured("nothing is left to code"):
        code_places(now=timezone.now(), is_time_up=lambda: False)
    warnings = _make_warnings()
    pairs = 0
    for turn in ("first", "second"):
        with _measured(f"all warnings are matched, {turn} time"):
            pairs = sum(len(places) for _key, places in match(warnings))
    with _measured("all warnings with one place"):
        list(match(warnings, place_ids=[CodedPosition.objects.order_by("pk")[0].pk]))
    print(f"{PlaceCode.objects.count():,} codes, {pairs:,} pairs of a warning and a place.")


def _store_places() -> None:
    """Cities of the US and of Europe, some of them twice."""
    from weatherapp.gazetteer.search import CITIES
    from weatherapp.models import Place

    with closing(sqlite3.connect(CITIES)) as database:
        cities = database.execute(
            "SELECT latitude, longitude FROM city WHERE country IN "
            "('US', 'DE', 'FR', 'ES', 'IT', 'PL', 'IE', 'NO', 'RO') ORDER BY id"
        ).fetchall()
    Place.objects.bulk_create(
        (
            Place(name=f"Place {number}", latitude=latitude, longitude=longitude)
            for number, (latitude, longitude) in zip(range(PLACES), cities * 4, strict=False)
        ),
        batch_size=500,
    )


def _make_warnings() -> dict[int, list[Code]]:
    """Each names areas that follow one another in the register, as neighbours do."""
    from weatherapp.official.areas.table import AREAS

    with closing(sqlite3.connect(AREAS)) as database:
        codes: list[Code] = database.execute(
            "SELECT scheme, code FROM code WHERE scheme IN ('UGC', 'EMMA_ID') ORDER BY scheme, code"
        ).fetchall()
    dice = random.Random(1)  # noqa: S311
    begins = [dice.randrange(len(codes)) for _ in range(WARNINGS)]
    return {number: codes[at : at + ZONES_A_WARNING] for number, at in enumerate(begins)}


class _measured:  # noqa: N801  # reads as a statement
    def __init__(self, what: str) -> None:
        self.what = what

    def __enter__(self) -> None:
        self.began, self.held = perf_counter(), _read_megabytes()

    def __exit__(self, *_error: object) -> None:
        lasted, grown = perf_counter() - self.began, _read_megabytes() - self.held
        print(f"| {self.what} | {lasted:.2f} | {max(grown, 0):.1f} MB |", flush=True)


def _read_megabytes() -> float:
    """The most that the process has held so far, so that what was given back counts, too."""
    status = Path("/proc/self/status").read_text().splitlines()
    (most,) = (line.split()[1] for line in status if line.startswith("VmHWM"))
    return int(most) / 1024


if __name__ == "__main__":
    main()
