"""Workers that are killed while they store; run in `manage.py shell -c`."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from django.core.management import call_command

from tests.delivery.warned import make_coded_place
from tests.factories import make_subscription
from tests.official.making import NOON, make_cap, make_feed, make_info
from tests.official.stored import known_source, store
from weatherapp.delivery import official_outbox
from weatherapp.models import (
    Delivery,
    OfficialChange,
    OfficialEvent,
    OfficialMessage,
    WarningSource,
)
from weatherapp.official.storing import take

COUNT = 250  # messages: more than are stored and folded together
KINDS = ("Wind", "Snow", "Heat", "Fog", "Ice")


def prepare() -> None:
    call_command("migrate", verbosity=0)
    make_subscription(make_coded_place())
    known_source()


def work(*, die_in: str = "") -> None:
    """Store a feed, then owe its mails. `die_in`: "storing" after a part, or "owing" before the end."""
    if die_in == "storing":
        _die_at_second(take, "update_warnings")
    if die_in == "owing":
        _die_at_first(official_outbox, "_owe")
    infos = (make_info(event=KINDS[number % 5]) for number in range(COUNT))
    entries = (
        f"<entry>{make_cap(f'n{number}', infos=[info])}</entry>"
        for number, info in enumerate(infos)
    )
    store(WarningSource.objects.get(), make_feed(*entries), now=NOON)
    official_outbox.owe_official_mails(now=NOON)


def say() -> None:
    """Rows: messages, events, changes, changes that await mails, mails."""
    counts = (
        OfficialMessage.objects.count(),
        OfficialEvent.objects.count(),
        OfficialChange.objects.count(),
        OfficialChange.objects.filter(awaits_mails=True).count(),
        Delivery.objects.count(),
    )
    sys.stdout.write(" ".join(map(str, counts)))


def _die_at_second(module: Any, name: str) -> None:
    whole, calls = getattr(module, name), []

    def call(*arguments: Any, **named: Any) -> Any:
        calls.append(1)
        if len(calls) > 1:
            os.kill(os.getpid(), signal.SIGKILL)
        return whole(*arguments, **named)

    setattr(module, name, call)


def _die_at_first(module: Any, name: str) -> None:
    """When it has done its work, and what follows has not been done."""
    whole = getattr(module, name)

    def call(*arguments: Any, **named: Any) -> Any:
        whole(*arguments, **named)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, name, call)
