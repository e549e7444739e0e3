"""What a place's page shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from weatherapp.domain.formatting import format_percent as percent
from weatherapp.models import Alert, Place, Reading, SourceForecast
from weatherapp.models.alert import OPEN_STATES
from weatherapp.pages.alert_line import AlertLine, make_alert_line, sort_worst_first
from weatherapp.pages.announcements import newest_change_id, read_announcements
from weatherapp.pages.chart import ProbabilityChart, draw_probability_chart
from weatherapp.pages.coming import Coming, read_coming
from weatherapp.pages.freshness import PredictionFreshness, is_fetch_failing
from weatherapp.pages.newest import read_freshness
from weatherapp.pages.outlook import HOUR, Outlook, make_outlook
from weatherapp.pages.readings_chart import (
    HOURS,
    ReadingRow,
    ReadingsChart,
    draw_readings_chart,
    list_rows,
    sum_rain_mm,
)
from weatherapp.pages.replay import Clocks, Replay, describe_replay, read_clocks
from weatherapp.pages.rule_line import (
    RuleLine,
    check_rules,
    read_facts_here,
    read_rules_here,
)
from weatherapp.pages.weather_codes import describe_weather
from weatherapp.pages.words import describe_direction

PAST_ALERTS_SHOWN = 12
FORECAST_HOURS_SHOWN = 24


@dataclass(frozen=True, slots=True)
class PastHour:
    """A line of the table of readings."""

    observed_at: datetime
    reading: Reading | None
    wind_from: str
    weather: str


@dataclass(frozen=True, slots=True)
class ForecastHour:
    """A line of the table of the source's own forecast."""

    ends_at: datetime
    percent: str
    weather: str
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class PlacePage:
    place: Place
    now: datetime  # the place's clock
    real_now: datetime
    replay: Replay | None
    freshness: PredictionFreshness
    outlook: Outlook | None
    chart: ProbabilityChart | None
    coming: Coming
    rules: tuple[RuleLine, ...]
    alerts: tuple[AlertLine, ...]
    past_alerts: tuple[AlertLine, ...]
    rows: tuple[ReadingRow, ...]
    readings_chart: ReadingsChart | None
    forecast: SourceForecast | None
    forecast_hours: tuple[ForecastHour, ...]
    is_fetch_failing: bool
    seen: int
    announcements: str

    @property
    def newest_reading(self) -> Reading | None:
        return self.rows[-1].reading if self.rows else None

    @property
    def past_hours(self) -> tuple[PastHour, ...]:
        """Newest first."""
        return tuple(_make_past_hour(row) for row in reversed(self.rows))

    @property
    def rain_mm(self) -> float:
        return sum_rain_mm(self.rows)

    @property
    def version(self) -> str:
        """Changes whenever the charts and tables do."""
        prediction = self.freshness.prediction
        parts = (prediction, self.newest_reading, self.forecast)
        return "-".join(str(row.pk) if row else "0" for row in parts)


def read_place(place: Place, *, now: datetime, seen: int | None = None) -> PlacePage:
    """`now` is real time; `seen` the newest change that the reader knows of."""
    clocks = read_clocks(now)
    place_now = clocks.at(place)
    freshness = read_freshness(
        place,
        now=now,
        place_now=place_now,
        fresh_for=settings.PREDICTION_FRESH + place.fresh_longer,
    )
    forecast = _read_forecast(place, place_now)
    outlook = _make_outlook(freshness, forecast, place_now)
    rules = read_rules_here(place)
    facts = read_facts_here(place, rules, place_now)
    rows = list_rows(_read_readings(place, place_now))
    return PlacePage(
        place=place,
        now=place_now,
        real_now=now,
        replay=describe_replay(place, clocks),
        freshness=freshness,
        outlook=outlook,
        chart=draw_probability_chart(outlook, rules, place.zone) if outlook else None,
        coming=read_coming(facts, now=place_now),
        rules=check_rules(place, rules, facts, place_now),
        alerts=_read_open_alerts(place, clocks),
        past_alerts=_read_past_alerts(place, clocks),
        rows=rows,
        readings_chart=draw_readings_chart(rows, place.zone) if rows else None,
        forecast=forecast,
        forecast_hours=_list_forecast_hours(forecast, place_now),
        is_fetch_failing=is_fetch_failing(place),
        seen=newest_change_id(place),
        announcements=read_announcements(seen, place),
    )


def _make_outlook(
    freshness: PredictionFreshness, forecast: SourceForecast | None, place_now: datetime
) -> Outlook | None:
    if freshness.prediction is None or not freshness.is_fresh:
        return None
    return make_outlook(freshness.prediction, now=place_now, forecast=forecast)


def _read_forecast(place: Place, place_now: datetime) -> SourceForecast | None:
    """The newest run; one without hours is none."""
    run = place.source_forecasts.filter(hour_at__lte=place_now).order_by("-hour_at").first()
    return run if run and run.series.hours() else None


def _list_forecast_hours(
    forecast: SourceForecast | None, place_now: datetime
) -> tuple[ForecastHour, ...]:
    if forecast is None:
        return ()
    series = forecast.series
    hours = [at for at in series.hours() if at > place_now][:FORECAST_HOURS_SHOWN]
    return tuple(_make_forecast_hour(at, series.at(at)) for at in hours)


def _make_forecast_hour(at: datetime, hour: Mapping[str, float]) -> ForecastHour:
    probability = hour.get("precipitation_probability")
    return ForecastHour(
        ends_at=at,
        percent="" if probability is None else percent(probability),
        weather=describe_weather(hour.get("weather_code")),
        values=hour,
    )


def _read_readings(place: Place, place_now: datetime) -> list[Reading]:
    """The day that ends with the newest reading, however old that is."""
    newest = place.readings.filter(observed_at__lte=place_now).order_by("-observed_at")[:HOURS]
    rows = list(newest)
    return [row for row in rows if row.observed_at > rows[0].observed_at - HOURS * HOUR]


def _make_past_hour(row: ReadingRow) -> PastHour:
    degrees = row.reading.wind_direction_deg if row.reading else None
    return PastHour(
        row.observed_at,
        row.reading,
        "" if degrees is None else describe_direction(degrees),
        describe_weather(row.reading.weather_code if row.reading else None),
    )


def _read_open_alerts(place: Place, clocks: Clocks) -> tuple[AlertLine, ...]:
    alerts = Alert.objects.open().filter(place=place).select_related("rule", "place")
    return sort_worst_first(make_alert_line(alert, clocks) for alert in alerts)


def _read_past_alerts(place: Place, clocks: Clocks) -> tuple[AlertLine, ...]:
    alerts = (
        Alert.objects.filter(place=place)
        .exclude(state__in=OPEN_STATES)
        .select_related("rule", "place")
        .order_by("-ended_at", "-pk")[:PAST_ALERTS_SHOWN]
    )
    return tuple(make_alert_line(alert, clocks) for alert in alerts)
