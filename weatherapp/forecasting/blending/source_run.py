"""What the source itself says about the hours of a prediction."""

from __future__ import annotations

from datetime import datetime, timedelta

from predictor import contract
from weatherapp.models import SourceForecast

HOUR = timedelta(hours=1)
# The weights are learned from fresh runs; an old one knows less than they believe.
LONGEST_AGE = timedelta(hours=6)


def find_run(place_id: int, *, window_end_at: datetime, now: datetime) -> SourceForecast | None:
    """The newest run that had come by `now`, if it is not too old for the window."""
    return (
        SourceForecast.objects.filter(
            place_id=place_id, received_at__lte=now, hour_at__gte=window_end_at - LONGEST_AGE
        )
        .order_by("-hour_at")
        .first()
    )


def list_probabilities(run: SourceForecast, *, window_end_at: datetime) -> list[float | None]:
    """The hours after `window_end_at`, 0..1, hour 1 first; None where the run says nothing."""
    column = dict(
        run.series.known(
            "precipitation_probability",
            after=window_end_at,
            until=window_end_at + contract.LEAD_HOURS * HOUR,
        )
    )
    return [column.get(window_end_at + lead * HOUR) for lead in range(1, contract.LEAD_HOURS + 1)]
