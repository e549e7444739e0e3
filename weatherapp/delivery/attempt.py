"""Tries to send one mail, whatever is wrong with it, and says what came of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMultiAlternatives

from weatherapp.delivery.email import (
    MailPostponedError,
    MailRefusedError,
    MailServerError,
    MailSession,
)

logger = logging.getLogger(__name__)

FIRST_WAIT = timedelta(minutes=1)
LONGEST_OUTAGE_WAIT = timedelta(minutes=15)  # as long as a server is left alone, at most


class Kind(Enum):
    SENT = "the server said yes"
    POSTPONED = "the server said: not now"
    REFUSED = "the server said: never"
    BROKEN = "the mail could not be made"


@dataclass(frozen=True, slots=True)
class Result:
    """`refusal` where the kind is REFUSED."""

    kind: Kind
    error: str = ""
    refusal: MailRefusedError | None = None

    @property
    def is_answer(self) -> bool:
        """Whether the server spoke: what says that it works."""
        return self.kind is not Kind.BROKEN


def find_outage_wait(owed_since: datetime, *, now: datetime) -> timedelta:
    """For a mail in hand when the connection broke: as long as it has waited already.

    Were it the mail that breaks connections, it would not stand before the others again.
    """
    return min(max(now - owed_since, FIRST_WAIT), LONGEST_OUTAGE_WAIT)


def attempt(
    write: Callable[[], EmailMultiAlternatives], session: MailSession, *, name: str
) -> Result:
    """`name` is the row's, for the log. Raises MailServerError, and nothing else."""
    try:
        session.send(write())
    except (MailServerError, SoftTimeLimitExceeded):
        raise
    except MailPostponedError as error:
        return Result(Kind.POSTPONED, str(error))
    except MailRefusedError as error:
        logger.warning("%s is refused for good: %s", name, error)
        return Result(Kind.REFUSED, str(error), error)
    # A template, an address that no library can encode, a row that somebody broke: one mail that
    # cannot be made must not hold up all others.
    except Exception as error:
        logger.exception("%s cannot be made", name)
        return Result(Kind.BROKEN, f"{type(error).__name__}: {error}")
    return Result(Kind.SENT)
