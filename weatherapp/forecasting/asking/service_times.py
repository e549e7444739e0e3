"""How long an answer takes, measured; and what follows from it. Pure, but for `read_finishes`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from weatherapp.models import Prediction

MEASURED = 200  # newest answers
BUSY_SHARE = 0.7  # above that, waiting grows steeply
DRAIN_S = 60.0  # what waits now should be answered within it

Finish = tuple[datetime, datetime]  # sent at, answered at


def read_finishes() -> list[Finish]:
    """The newest answers, newest first."""
    newest = Prediction.objects.order_by("-pk")
    rows = newest.values_list("request__sent_at", "answered_at")[:MEASURED]
    return [(sent_at, answered_at) for sent_at, answered_at in rows if sent_at is not None]


def measure_service_times_s(finishes: Sequence[Finish], *, predictors: int) -> list[float]:
    """Seconds that a predictor was taken by each answer, until the site had stored it.

    The answers of one message are stored together: each took its share. With n predictors a message
    was begun when it was sent or, where all were taken, when the n-th message before it was
    answered. The first n therefore tell nothing.
    """
    sizes = Counter(finishes)
    ordered = sorted(sizes, key=lambda finish: finish[1])
    pairs = zip(ordered[predictors:], ordered, strict=False)
    return [
        max((answered_at - max(sent_at, before)).total_seconds(), 0.0) / sizes[sent_at, answered_at]
        for (sent_at, answered_at), (_, before) in pairs
        for _ in range(sizes[sent_at, answered_at])
    ]


def find_percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least `share` (0..1) of them do not exceed; None of none."""
    if not values:
        return None
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1]


def estimate_wait_s(position: int, *, service_s: float | None, predictors: int) -> float | None:
    """Until the answer at `position` is there; None where nothing was measured or nobody works."""
    if service_s is None or predictors < 1:
        return None
    return math.ceil(position / predictors) * service_s


def suggest_predictors(*, arrivals_per_s: float, waiting: int, service_s: float | None) -> int:
    """How many predictors keep up with what arrives and answer what waits within DRAIN_S."""
    taken = (service_s or 0.0) * (arrivals_per_s / BUSY_SHARE + waiting / DRAIN_S)
    return max(math.ceil(round(taken, 6)), 1)
