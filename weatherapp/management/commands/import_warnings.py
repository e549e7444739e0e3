"""manage.py import_warnings: what a document of warnings would become, or becomes."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string
from django.utils import timezone

from weatherapp.models import WarningSource
from weatherapp.net.client import Bounds, Client
from weatherapp.net.errors import NetError
from weatherapp.net.guard import Guard
from weatherapp.official.documents.errors import DocumentError
from weatherapp.official.documents.read import MOST_BYTES, read_document
from weatherapp.official.storing import by_hand
from weatherapp.official.telling import Told, tell, tell_refusal

STANDARD_INPUT = "-"
BOUNDS = Bounds(total_s=60.0, body_bytes=MOST_BYTES, redirects=3)
ACCEPT = (
    "application/cap+xml, application/atom+xml, application/rss+xml, application/json, */*;q=0.1"
)
REFUSED = 65  # sysexits.h: the data are wrong
OK = 200


class StatusError(Exception):
    """The server answers, and not with the document."""


class Command(BaseCommand):
    help = (
        "Show which events a document of official warnings tells of: CAP of any wrapping, Atom,"
        " RSS, the JSON of NWS and MeteoAlarm, a zip. Nothing is stored unless --store says so."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="A file or an http address; - for the standard input.")
        parser.add_argument("--at", type=_read_at, help="The time to look from; now if not said.")
        parser.add_argument("--country", default="", help="ISO 3166: whose warnings these are.")
        parser.add_argument(
            "--allow-private", action="store_true", help="The address may be of the own network."
        )
        parser.add_argument(
            "--store", action="store_true", help="Store it: pages show it, and who is told is told."
        )
        parser.add_argument(
            "--source",
            default="",
            dest="source_key",
            help="With --store: the key of the source that it is of, which must be on. If not said,"
            " a source of its own, of which nobody is mailed.",
        )
        parser.add_argument("--json", action="store_true", help="Print one object of JSON.")

    def handle(self, *args: Any, source: str, at: datetime | None, **options: Any) -> None:
        now = at or timezone.now()
        guard = Guard(allow_private=options["allow_private"])
        row = _find_source(options["source_key"]) if options["store"] else None
        told = _read(source, now, options["country"], guard, row)
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False))
        else:
            self.stdout.write(render_to_string("operations/warnings_told.txt", told).strip())
        if told["refused"]:
            raise CommandError("The document was refused.", returncode=REFUSED)


def _find_source(key: str) -> WarningSource:
    try:
        return by_hand.find_source(key)
    except WarningSource.DoesNotExist as error:
        raise CommandError(f"There is no source {key}.") from error
    except by_hand.SourceNotOnError as error:
        raise CommandError(f"The source {key} is not on: what it says does not hold.") from error


def _read(source: str, at: datetime, country: str, guard: Guard, row: WarningSource | None) -> Told:
    """Stored, too, where there is a row for that."""
    try:
        body, content_type = _load(source, guard)
        told = tell(read_document(body, content_type, country=country), at)
        if row is not None:
            by_hand.store_document(row, body, content_type, country=country, now=at)
    except (DocumentError, NetError, StatusError) as error:
        return tell_refusal(error)
    return told


def _load(source: str, guard: Guard) -> tuple[bytes, str | None]:
    if source.startswith(("http://", "https://")):
        return _ask(source, guard)
    try:
        if source == STANDARD_INPUT:
            return sys.stdin.buffer.read(MOST_BYTES + 1), None
        with Path(source).open("rb") as file:
            return file.read(MOST_BYTES + 1), None
    except OSError as error:
        raise CommandError(f"{source} cannot be read: {error.strerror}.") from error


def _ask(url: str, guard: Guard) -> tuple[bytes, str | None]:
    user_agent = f"weatheralert (+{settings.SITE_URL})"
    with Client(user_agent, BOUNDS, guard=guard) as client:
        reply = client.get(url, accept=ACCEPT)
    if reply.status != OK:
        raise StatusError(f"The server answers {reply.status}.")
    return reply.body, reply.content_type


def _read_at(text: str) -> datetime:
    """With an offset; without one it is of no place."""
    read_at = datetime.fromisoformat(text)
    if read_at.tzinfo is None:
        raise ValueError("no offset")
    return read_at
