"""What other processes read: a mistake does not wait for the one that would stumble over it."""

from __future__ import annotations

from dyno.broker import DEFAULT_REDIS_URL
from weatheralert.environment import address, check_amount, choice, read_host


def check_other_processes() -> None:
    """The release asks here, before any of them starts."""
    address("REDIS_URL", DEFAULT_REDIS_URL, read_host, ("redis", "rediss"))
    choice("PREDICTOR_RUNTIME", "tensorflow", ("tensorflow", "litert"))
    for name in (
        "MEMORY_LIMIT_MB",
        "PREDICTOR_IDLE_SECONDS",
        "PREDICTOR_MAX_REQUESTS",
        "PREDICTOR_MAX_MEMORY_MB",
    ):
        check_amount(name)
