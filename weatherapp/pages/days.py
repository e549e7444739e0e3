"""The week ahead at a place, and its sun."""

from __future__ import annotations

from datetime import datetime, timedelta

from weatherapp.domain.days import Day, split_days
from weatherapp.domain.sun import SunDay, find_sun_day
from weatherapp.models import Place, WeekForecast

# Older than that, it says too little of the days to come.
LONGEST_AGE = timedelta(hours=24)


def read_days(place: Place, *, now: datetime) -> tuple[Day, ...]:
    """Up to seven days, none where there is no forecast. `now` is the place's clock.

    One query, none where the place came with select_related("week_forecast").
    """
    try:
        row = place.week_forecast
    except WeekForecast.DoesNotExist:
        return ()
    is_fresh = now - LONGEST_AGE <= row.hour_at <= now
    if row.source != place.source_name or not is_fresh:
        return ()
    series = row.series
    return split_days(series, now=now, zone=place.zone) if series.columns else ()


def read_sun(place: Place, now: datetime) -> SunDay:
    """Of the place's date at `now`, its own clock."""
    today = now.astimezone(place.zone).date()
    return find_sun_day(today, latitude=place.latitude, longitude=place.longitude, zone=place.zone)
