"""Names to IP addresses, in bounded time."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Thread

from weatherapp.net.errors import TooSlowError, UnreachableError, WrongAddressError

MOST_ADDRESSES = 6
# The system's resolver cannot be interrupted: a question that takes too long is left to itself.
AT_ONCE = 8
_turns = BoundedSemaphore(AT_ONCE)

Answer = list[str] | OSError


def look_up(host: str, timeout_s: float) -> list[str]:
    """The host's addresses, in the system's order of preference. Raises NetError."""
    if (literal := read_literal(host)) is not None:
        return [literal]
    if not _turns.acquire(timeout=max(timeout_s, 0)):
        raise TooSlowError("The name server does not answer: too many questions are open.")
    answers: SimpleQueue[Answer] = SimpleQueue()
    Thread(target=_ask, args=(host, answers), name="look-up", daemon=True).start()
    try:
        answer = answers.get(timeout=max(timeout_s, 0))
    except Empty:
        raise TooSlowError(f"The name server says nothing about {host}.") from None
    if isinstance(answer, OSError):
        raise UnreachableError(f"There is no host {host}: {answer.strerror}.") from answer
    return answer


def read_literal(host: str) -> str | None:
    """The address that a host is by itself, also as 0x7f.1 or 2130706433; None for a name."""
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        return None
    except UnicodeError as error:
        raise WrongAddressError("The address is wrong: its host is no name.") from error


def _ask(host: str, answers: SimpleQueue[Answer]) -> None:
    try:
        # As bytes: Python would encode text once more, and fail in ways of its own.
        found = socket.getaddrinfo(host.encode(), None, type=socket.SOCK_STREAM)
        addresses = dict.fromkeys(str(entry[4][0]) for entry in found)
        answers.put(list(addresses)[:MOST_ADDRESSES])
    except OSError as error:
        answers.put(error)
    finally:
        _turns.release()
