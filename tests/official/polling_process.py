"""What the worker processes of the tests do; run in `manage.py shell -c`."""

from __future__ import annotations

import os
import sys

from django.core.management import call_command

from tests.factories import NOON
from tests.official.feeds import MINUTE, claim, make_source
from weatherapp.models import WarningSource
from weatherapp.official import polling
from weatherapp.official.schedule import POLL_LEASE


def prepare() -> None:
    """One source, of which a version is known."""
    call_command("migrate", verbosity=0)
    make_source(address=os.environ["FEED_ADDRESS"], etag='"1"', succeeded_at=NOON - 10 * MINUTE)


def poll() -> None:
    source = WarningSource.objects.get()
    polling.poll(source.pk, claim(source), clock=lambda: NOON)


def say() -> None:
    """Due within the lease and how long that is; the known version; failures; due after the lease."""
    source = WarningSource.objects.get()
    assert source.claimed_until is not None
    held_s = (source.claimed_until - NOON).total_seconds()
    due, due_later = (
        WarningSource.objects.due(at).count() for at in (NOON + MINUTE, NOON + POLL_LEASE)
    )
    sys.stdout.write(f"{due} {held_s:.0f} {source.etag} {source.failures} {due_later}")
