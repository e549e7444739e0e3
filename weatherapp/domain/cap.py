"""CAP 1.2's words for how bad, how soon and how sure, and how an alert of ours gets them.

https://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2-os.html, section 3.2.2
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

SOON = timedelta(hours=1)  # CAP: "Expected" is "within next hour"
LIKELY = 0.5  # CAP: "Likely" is "p > ~50%"
RELIABLE_LEAD = timedelta(hours=24)


class Severity(StrEnum):
    """How bad; ordered by `rank`."""

    UNKNOWN = "Unknown"
    MINOR = "Minor"
    MODERATE = "Moderate"
    SEVERE = "Severe"
    EXTREME = "Extreme"

    @property
    def rank(self) -> int:
        """0 for Unknown, 4 for Extreme."""
        return _RANKS[self]

    @property
    def is_grave(self) -> bool:
        """Severe or Extreme: what may interrupt people."""
        return self in (Severity.SEVERE, Severity.EXTREME)


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}  # asked very often

# What our own rules may say: whoever writes a rule knows how bad it is.
LEVELS = (Severity.MINOR, Severity.MODERATE, Severity.SEVERE, Severity.EXTREME)


class Urgency(StrEnum):
    """How soon."""

    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    """How sure."""

    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


def find_urgency(*, onset_at: datetime, ends_at: datetime, now: datetime) -> Urgency:
    """How soon weather from `onset_at` to `ends_at` is."""
    if ends_at <= now:
        return Urgency.PAST
    if onset_at <= now:
        return Urgency.IMMEDIATE
    return Urgency.EXPECTED if onset_at - now <= SOON else Urgency.FUTURE


def certainty_of_probability(probability: float) -> Certainty:
    """How sure something is that happens with `probability`, 0..1."""
    return Certainty.LIKELY if probability > LIKELY else Certainty.POSSIBLE


def certainty_of_forecast(lead: timedelta) -> Certainty:
    """How sure one value of a forecast is, `lead` ahead: it does not say by itself."""
    return Certainty.LIKELY if lead <= RELIABLE_LEAD else Certainty.POSSIBLE
