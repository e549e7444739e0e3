"""What the tables take, and how many places a plan holds."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.template.loader import render_to_string

from weatherapp.operations.storage import Storage, Table, read_storage

GB, MB = 1e9, 1e6


class Command(BaseCommand):
    help = "Print rows and bytes of each table and of a place, and how many places fit a plan."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--plan-gb", type=float, default=1.0, help="The plan's size, in GB.")

    def handle(self, *args: Any, **options: Any) -> None:
        storage = read_storage()
        for line in _list_lines(storage):
            self.stdout.write(line)
        words = {
            "storage": storage,
            "plan_gb": options["plan_gb"],
            "places_that_fit": storage.count_places(options["plan_gb"] * GB),
            "place_mb": storage.place_bytes / MB,
            "whole_mb": storage.size_bytes / MB,
        }
        self.stdout.write(render_to_string("operations/storage.txt", words))


def _list_lines(storage: Storage) -> Iterator[str]:
    yield f"{'table':<36}{'rows':>12}{'MB':>10}{'bytes/row':>11}{'MB/place':>10}"
    for table in storage.tables:
        if table.rows:
            yield _make_line(table, storage.places)


def _make_line(table: Table, places: int) -> str:
    place_mb = table.place_bytes(places) / MB
    return (
        f"{table.name:<36}{table.rows:>12,}{table.size_bytes / MB:>10.2f}"
        f"{table.row_bytes:>11.0f}" + (f"{place_mb:>10.3f}" if place_mb else f"{'-':>10}")
    )
