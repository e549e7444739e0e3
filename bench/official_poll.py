"""What a poll of many warnings costs, from the body to rows at places and mails that are owed.

`DATABASE_URL=... python -m bench.official_poll` migrates that database, which must be empty, and prints
a table; without DATABASE_URL it is SQLite in a folder of its own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from bench.official_matching import PLACES, WARNINGS, _make_warnings, _measured, _store_places

HOUR = timedelta(hours=1)
WORDS = "A front brings strong winds and rain; loose things outside may be blown away. " * 8
KINDS = ("High Wind Warning", "Winter Storm Watch", "Flood Advisory", "Heat Advisory")


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

    from weatherapp.delivery.official_outbox import owe_official_mails
    from weatherapp.models import Delivery, OfficialPlace, SourceKind, SourceState, WarningSource
    from weatherapp.official.areas.coding import code_places
    from weatherapp.official.documents.read import read_items
    from weatherapp.official.storing import take

    now = timezone.now()
    call_command("migrate", verbosity=0, skip_checks=True)
    _store_places()
    _store_subscriptions(now)
    code_places(now=now, is_time_up=lambda: False)
    source = WarningSource.objects.create(
        key="bench", issuer="Bench", kind=SourceKind.NWS, state=SourceState.ON, succeeded_at=now
    )
    print(f"{connection.vendor}: {PLACES:,} places and subscriptions, {WARNINGS:,} warnings")
    print("| what | seconds | the process grows by |", "|---|---|---|", sep="\n")
    store = take.store_items
    few = _make_body(now, 20, "x")
    store(source, read_items(few, "application/json"), now=now)  # what is loaded once is loaded
    for what, body, at in (
        ("all warnings are new", _make_body(now, WARNINGS, "a"), now),
        ("the same body again", _make_body(now, WARNINGS, "a"), now + HOUR / 60),
        ("each warning has an update", _make_body(now, WARNINGS, "b"), now + HOUR / 30),
    ):
        Path("/proc/self/clear_refs").write_text("5")  # the most that it held begins anew
        began_s = process_time()
        with _measured(what):
            store(source, read_items(body, "application/json"), now=at)
        print(f"| of that, this process's own time | {process_time() - began_s:.2f} | |")
    with _measured("mails are owed"):
        owe_official_mails(now=now + HOUR / 20)
    print(f"{OfficialPlace.objects.count():,} pairs of a warning and a place, ", end="")
    print(f"{Delivery.objects.count():,} mails.")


def _store_subscriptions(now: datetime) -> None:
    from weatherapp.models import Place, Subscription

    Subscription.objects.bulk_create(
        (
            Subscription(
                place_id=pk,
                email=f"r{pk}@example.org",
                email_key=f"r{pk}@example.org",
                created_at=now,
                confirmed_at=now,
            )
            for pk in Place.objects.order_by("pk").values_list("pk", flat=True)
        ),
        batch_size=500,
    )


def _make_body(now: datetime, count: int, turn: str) -> bytes:
    """As the NWS answers; those of turn "b" take the place of those of turn "a", and are worse."""
    features = [
        _make_feature(now, number, codes, turn)
        for number, codes in list(_make_warnings().items())[:count]
    ]
    return json.dumps({"type": "FeatureCollection", "features": features, "title": "x"}).encode()


def _make_feature(
    now: datetime, number: int, codes: Iterable[tuple[str, str]], turn: str
) -> dict[str, object]:
    sender = "bench@weather.example"
    sent = now - (HOUR / 2 if turn == "b" else HOUR)
    before = {"identifier": f"urn:a:{number}", "sender": sender, "sent": (now - HOUR).isoformat()}
    return {
        "type": "Feature",
        "geometry": None,
        "properties": {
            "id": f"urn:{turn}:{number}",
            "areaDesc": "; ".join(value for _, value in codes),
            "geocode": {"UGC": [value for _, value in codes], "SAME": []},
            "references": [before] if turn == "b" else [],
            "sent": sent.isoformat(),
            "effective": sent.isoformat(),
            "onset": (now - HOUR / 3 + number % 7 * HOUR).isoformat(),
            "expires": (now + 9 * HOUR).isoformat(),
            "ends": (now + 12 * HOUR).isoformat(),
            "status": "Actual",
            "messageType": "Update" if turn == "b" else "Alert",
            "category": "Met",
            "severity": "Extreme" if turn == "b" else "Moderate",
            "certainty": "Likely",
            "urgency": "Expected",
            "event": KINDS[number % len(KINDS)],
            "sender": sender,
            "senderName": "NWS Bench",
            "headline": f"{KINDS[number % len(KINDS)]} until tomorrow",
            "description": WORDS,
            "instruction": WORDS,
            "parameters": {},
        },
    }


if __name__ == "__main__":
    main()
