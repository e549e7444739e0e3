"""Addresses that a mail server says do not exist: their subscriptions end, with the reason."""

from __future__ import annotations

import re
from datetime import datetime

from weatherapp.delivery.email import MailRefusedError
from weatherapp.models import Subscription

# https://www.rfc-editor.org/rfc/rfc5321#section-4.2.3, https://www.rfc-editor.org/rfc/rfc7504
_MAILBOX_CODES = (521, 550, 551, 553, 556)
# https://www.rfc-editor.org/rfc/rfc3463#section-3.2: bad address; 5.2.1: mailbox disabled
_MAILBOX_STATUS = re.compile(r"\b5\.(1\.\d+|2\.1)\b")
_OTHER_STATUS = re.compile(r"\b5\.\d+\.\d+\b")


def is_mailbox_gone(refusal: MailRefusedError) -> bool:
    """Whether the server's final no is about the mailbox, not about us.

    A server that is not meant to relay for us, or that blocks us, refuses every recipient alike:
    taken for bounces, one wrong setting would end all subscriptions.
    """
    text = str(refusal)
    if not refusal.is_of_recipient or "relay" in text.lower():
        return False
    if _MAILBOX_STATUS.search(text):
        return True
    return refusal.code in _MAILBOX_CODES and not _OTHER_STATUS.search(text)


def end_subscription(subscription: Subscription, refusal: MailRefusedError, now: datetime) -> None:
    """No mail to this address until somebody subscribes it again and confirms."""
    Subscription.objects.filter(pk=subscription.pk, unsubscribed_at=None).update(
        unsubscribed_at=now
    )
    Subscription.objects.filter(pk=subscription.pk).update(
        confirmation_due_at=None, bounced_at=now, bounce_reason=str(refusal)[:500]
    )
