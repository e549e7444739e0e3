"""What the source itself says about the hours of a prediction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery

from predictor import contract
from weatherapp.models import Place, SourceForecast

HOUR = timedelta(hours=1)
# The weights are learned from fresh runs; an old one knows less than they believe.
LONGEST_AGE = timedelta(hours=6)
PROBABILITY = "precipitation_probability"


def find_runs(ends: Mapping[int, datetime], *, now: datetime) -> dict[int, SourceForecast]:
    """By place id the newest run that had come by `now`, if it is not too old for the window.

    `ends`: by place id, when the window ends.
    """
    runs = SourceForecast.objects.filter(place=OuterRef("pk"), received_at__lte=now)
    newest = Subquery(runs.order_by("-hour_at").values("pk")[:1])
    places = Place.objects.filter(pk__in=ends).annotate(newest=newest).values("newest")
    return {
        run.place_id: run
        for run in SourceForecast.objects.filter(pk__in=places)
        if run.hour_at >= ends[run.place_id] - LONGEST_AGE
    }


def list_probabilities(run: SourceForecast, *, window_end_at: datetime) -> list[float | None]:
    """The hours after `window_end_at`, 0..1, hour 1 first; None where the run says nothing."""
    column = dict(
        run.read_series([PROBABILITY]).known(
            PROBABILITY,
            after=window_end_at,
            until=window_end_at + contract.LEAD_HOURS * HOUR,
        )
    )
    return [column.get(window_end_at + lead * HOUR) for lead in range(1, contract.LEAD_HOURS + 1)]
