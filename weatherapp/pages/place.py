"""What a place's page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings

from weatherapp.alerting.rulebook import longest_past_hours
from weatherapp.display.labels import name_direction
from weatherapp.display.reader import reader_mark
from weatherapp.display.values import show_percent as percent
from weatherapp.display.weather_codes import describe_weather
from weatherapp.models import Place, Reading, SourceForecast
from weatherapp.pages.alert_line import AlertLine, make_alert_line, sort_worst_first
from weatherapp.pages.announcements import News, read_announcements
from weatherapp.pages.chart import ProbabilityChart, draw_probability_chart
from weatherapp.pages.coming import Coming, read_coming
from weatherapp.pages.freshness import PredictionFreshness, find_freshness, is_fetch_failing
from weatherapp.pages.outlook import HOUR, Outlook, make_outlook
from weatherapp.pages.place_rows import make_facts, read_place_rows
from weatherapp.pages.readings_chart import (
    HOURS,
    ReadingRow,
    ReadingsChart,
    draw_readings_chart,
    list_rows,
    sum_rain_mm,
)
from weatherapp.pages.replay import Replay, describe_replay, read_clocks
from weatherapp.pages.rule_line import RuleLine, check_rules, read_rules_here
from weatherapp.pages.versions import Version

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


@dataclass(frozen=True)
class PlacePage:
    """Charts and tables are made when they are asked for: those that are kept by a key are not."""

    place: Place
    now: datetime  # the place's clock
    real_now: datetime
    replay: Replay | None
    freshness: PredictionFreshness
    outlook: Outlook | None
    coming: Coming
    rules: tuple[RuleLine, ...]
    alerts: tuple[AlertLine, ...]
    past_alerts: tuple[AlertLine, ...]
    rows: tuple[ReadingRow, ...]
    forecast: SourceForecast | None
    is_fetch_failing: bool
    seen: int
    announcements: News

    @property
    def newest_reading(self) -> Reading | None:
        return self.rows[-1].reading if self.rows else None

    @cached_property
    def chart(self) -> ProbabilityChart | None:
        if self.outlook is None:
            return None
        rules = [line.rule for line in self.rules]
        return draw_probability_chart(self.outlook, rules, self.place.zone)

    @property
    def chart_key(self) -> str:
        rules = [line.rule.version_id for line in self.rules]
        minute = int(self.now.timestamp() // 60)  # the line of now moves
        return f"{self._place_key} {self.version} {rules} {minute}"

    @cached_property
    def readings_chart(self) -> ReadingsChart | None:
        return draw_readings_chart(self.rows, self.place.zone) if self.rows else None

    @property
    def readings_key(self) -> str:
        """Of the chart and the table of readings."""
        known = [row.reading for row in self.rows if row.reading]
        marks = (
            max((one.pk for one in known), default=0),
            max((one.received_at for one in known), default=0),
        )
        return f"{self._place_key} {len(known)} {marks} {self.version}"

    @cached_property
    def forecast_hours(self) -> tuple[ForecastHour, ...]:
        return _list_forecast_hours(self.forecast, self.now)

    @property
    def has_forecast_hours(self) -> bool:
        return self.forecast is not None and self.forecast.series.hours()[-1] > self.now

    @property
    def forecast_key(self) -> str:
        """Of the table of the source's forecast."""
        received_at = self.forecast.received_at if self.forecast else None
        return f"{self._place_key} {self.version} {received_at} {self.now:%Y-%m-%d %H}"

    @property
    def _place_key(self) -> str:
        return f"{self.place.pk} {self.place.name} {self.place.time_zone} {reader_mark()}"

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


def read_place(
    place: Place, *, now: datetime, version: Version, seen: int | None = None
) -> PlacePage:
    """`now` is real time; `seen` the newest change that the reader knows of."""
    clocks = read_clocks(now, scene_mark=version.scene)
    place_now = clocks.at(place)
    rules = read_rules_here(place, version.rules)
    past_hours = longest_past_hours(rules)
    stored = read_place_rows(
        place,
        now=now,
        place_now=place_now,
        past_hours=max(past_hours, HOURS),
        most_alerts=len(rules) + PAST_ALERTS_SHOWN,
    )
    freshness = find_freshness(
        stored.prediction,
        stored.request,
        now=now,
        place_now=place_now,
        fresh_for=settings.PREDICTION_FRESH + place.fresh_longer,
    )
    forecast = stored.forecast if stored.forecast and stored.forecast.series.hours() else None
    outlook = _make_outlook(freshness, forecast, place_now)
    facts = make_facts(place, stored, place_now, past_hours)
    rows = list_rows(_take_day(stored.readings))
    lines = tuple(make_alert_line(alert, clocks) for alert in stored.alerts)
    open_lines = sort_worst_first(line for line in lines if line.alert.is_open)
    return PlacePage(
        place=place,
        now=place_now,
        real_now=now,
        replay=describe_replay(place, clocks),
        freshness=freshness,
        outlook=outlook,
        coming=read_coming(facts, now=place_now),
        rules=check_rules(
            rules,
            facts,
            place_now,
            open_alerts=[line.alert for line in open_lines],
            standings=place.standings.all() if version.holds_back else (),
        ),
        alerts=open_lines,
        past_alerts=tuple(line for line in lines if not line.alert.is_open)[:PAST_ALERTS_SHOWN],
        rows=rows,
        forecast=forecast,
        is_fetch_failing=is_fetch_failing(place),
        seen=version.newest_change_id,
        announcements=read_announcements(seen, place),
    )


def _make_outlook(
    freshness: PredictionFreshness, forecast: SourceForecast | None, place_now: datetime
) -> Outlook | None:
    if freshness.prediction is None or not freshness.is_fresh:
        return None
    return make_outlook(freshness.prediction, now=place_now, forecast=forecast)


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


def _take_day(readings: Sequence[Reading]) -> Sequence[Reading]:
    """The day that ends with the newest reading, however old that is."""
    return [row for row in readings if row.observed_at > readings[0].observed_at - HOURS * HOUR]


def _make_past_hour(row: ReadingRow) -> PastHour:
    degrees = row.reading.wind_direction_deg if row.reading else None
    return PastHour(
        row.observed_at,
        row.reading,
        "" if degrees is None else name_direction(degrees),
        describe_weather(row.reading.weather_code if row.reading else None),
    )
