"""Runs of the source's own forecast, as the tests of blending need them."""

from datetime import timedelta

from tests.factories import NOON, make_prediction
from weatherapp.forecasting.blending.bands import BANDS
from weatherapp.models import SourceForecast

HOUR = timedelta(hours=1)
DEFAULT_WEIGHTS = [
    {
        "first_lead_hours": band.first_lead_hours,
        "last_lead_hours": band.last_lead_hours,
        **band.default.to_json(),
        "hours": 0,
        "is_learned": False,
    }
    for band in BANDS
]


def make_run(place, probability=0.9, *, issued_at=NOON, **fields):
    """48 hours that all have the same probability; None: the source says nothing of it."""
    defaults = {
        "hour_at": issued_at,
        "received_at": issued_at,
        "source": place.source,
        "first_at": issued_at + HOUR,
        "columns": {"precipitation_probability": [probability] * 48},
    }
    return SourceForecast.objects.create(place=place, **(defaults | fields))


def make_blended(place, *, model=0.2, source=0.6, site=0.4, **fields):
    """A stored prediction whose parts say the same of every hour; a list says it hour by hour."""
    defaults = {
        "hourly_probability": [model] * 24,
        "blended_hourly_probability": [site] * 24,
        "blended_any_6h": 0.6,
        "blended_any_24h": 0.8,
        "blend": {
            "source": place.source,
            "issued_at": NOON.isoformat(),
            "hourly_probability": source if isinstance(source, list) else [source] * 24,
            "weights": DEFAULT_WEIGHTS,
        },
    }
    return make_prediction(place, **(defaults | fields))
