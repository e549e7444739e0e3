"""Open-Meteo's noes: what a status and its reason mean."""

from __future__ import annotations

from datetime import datetime, timedelta

from weatherapp.domain.source_problem import SourceProblem
from weatherapp.intake.rate import DAY, HOUR, MINUTE, find_window_end
from weatherapp.intake.source import (
    SourceError,
    SourceGarbledError,
    SourceRefusedError,
    SourceUnavailableError,
)

OK = 200
BAD_REQUEST = 400
REQUEST_TIMEOUT = 408
TOO_MANY_REQUESTS = 429
SERVER_ERRORS = range(500, 600)
# https://open-meteo.com/en/pricing: fixed clock windows, which the text names. Whatever stands
# before their machines may send a Retry-After.
WINDOWS = {"minutely": MINUTE, "hourly": HOUR, "daily": DAY}
LONGEST_OUTAGE = HOUR  # a machine that is out of order does not know for how long


class RequestRejectedError(SourceRefusedError):
    """HTTP 400: one bad place rejects the whole request, so ask for fewer to find it."""


def make_error(
    status: int, reason: str, *, now: datetime, wanted_at: datetime | None = None
) -> SourceError:
    """The named error of a status other than 200; `wanted_at` is when it wants to be asked again."""
    said = f" It says: {reason}" if reason else ""
    if status == BAD_REQUEST:
        return RequestRejectedError(f"Open-Meteo rejects the request (400).{said}")
    if status == TOO_MANY_REQUESTS:
        return SourceUnavailableError(
            f"Open-Meteo's limit of requests is reached (429).{said}",
            problem=SourceProblem.RATE_LIMITED,
            retry_at=max(find_window_end(now, find_window(reason)), wanted_at or now),
        )
    if status in SERVER_ERRORS or status == REQUEST_TIMEOUT:
        return SourceUnavailableError(
            f"Open-Meteo is out of order ({status}).{said}",
            problem=SourceProblem.OUT_OF_ORDER,
            retry_at=min(wanted_at, now + LONGEST_OUTAGE) if wanted_at else None,
        )
    if status < 300:
        return SourceGarbledError(f"Open-Meteo answers with an unexpected status ({status}).")
    return SourceRefusedError(f"Open-Meteo refuses the request ({status}).{said}")


def find_window(reason: str) -> timedelta:
    """Which of the fixed windows must pass; a minute where the text names none."""
    found = [length for word, length in WINDOWS.items() if word in reason.lower()]
    return max(found, default=MINUTE)
