"""What the worker processes of the tests do; run in `manage.py shell -c`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import call_command

from tests.factories import NOON, make_alert, make_place, make_rule, make_subscription
from weatherapp.delivery import outbox
from weatherapp.delivery.batch import Bounds, send_due
from weatherapp.delivery.email import MailSession


def prepare(count: int) -> None:
    """Fill an empty database; prints the ids of `count` owed deliveries."""
    call_command("migrate", verbosity=0)
    place = make_place()
    for number in range(count):
        make_subscription(place, email=f"reader-{number}@example.org")
    change = make_alert(make_rule(place)).changes.get()
    sys.stdout.write(" ".join(map(str, outbox.enqueue([change.pk], now=NOON))))


def send(*, after: timedelta = timedelta()) -> None:
    """A run as if it were `after` NOON; starts at a line on standard input."""
    settings.EMAIL_FILE_PATH = os.environ["MAIL_FOLDER"]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    send_due(lambda: NOON + after, Bounds(mails=1000, time=timedelta(minutes=1)))


def die_sending(delivery_id: int) -> None:
    """Be killed between the claim and the mail server's answer."""
    settings.EMAIL_BACKEND = f"{__name__}.KillingBackend"
    with MailSession() as session:
        outbox.send(delivery_id, session, now=NOON)


class KillingBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        os.kill(os.getpid(), signal.SIGKILL)
        return 0
