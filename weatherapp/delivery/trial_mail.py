"""A mail to an operator, to see whether mails leave: how it ended is kept in Redis for an hour.

Not by the outbox: it is owed to nobody, so one that fails is not tried again, and the breaker is left
alone: it learns from mails to readers.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from dyno.redis_client import kept_client
from weatherapp.delivery.email import (
    MailPostponedError,
    MailRefusedError,
    MailServerError,
    MailSession,
)
from weatherapp.delivery.messages import write_test_mail

KEPT_S = 3600
LONGEST_ERROR = 500  # characters of what a server says


class Ending(StrEnum):
    SENT = "SENT"
    REFUSED = "REFUSED"
    POSTPONED = "POSTPONED"
    FAILED = "FAILED"  # the server could not be worked with


@dataclass(frozen=True, slots=True)
class Result:
    ending: Ending
    error: str = ""


def send_test_mail(name: str, *, address: str, language: str) -> None:
    """`name` is that of the result. Raises redis.RedisError."""
    kept_client().set(_key(name), json.dumps(asdict(_send(name, address, language))), ex=KEPT_S)


def read_result(name: str) -> Result | None:
    """None while it is not sent, and after an hour. Raises redis.RedisError."""
    stored = kept_client().get(_key(name))
    if not isinstance(stored, (bytes, str)):
        return None
    read = json.loads(stored)
    return Result(Ending(read["ending"]), read["error"])


def _send(name: str, address: str, language: str) -> Result:
    mail = write_test_mail(name, address=address, language=language)
    try:
        with MailSession() as session:
            session.send(mail)
    except MailRefusedError as error:
        return Result(Ending.REFUSED, str(error)[:LONGEST_ERROR])
    except MailPostponedError as error:
        return Result(Ending.POSTPONED, str(error)[:LONGEST_ERROR])
    except MailServerError as error:
        return Result(Ending.FAILED, str(error)[:LONGEST_ERROR])
    return Result(Ending.SENT)


def _key(name: str) -> str:
    return f"test-mail:{name}"
