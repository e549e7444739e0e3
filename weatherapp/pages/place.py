"""What a place's page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.urls import reverse

from weatherapp.alerting.engine.facts import Facts
from weatherapp.alerting.rulebook import longest_past_hours
from weatherapp.display.reader import reader_mark
from weatherapp.domain.conditions import Basis
from weatherapp.domain.days import Day
from weatherapp.domain.outlook_story import Story
from weatherapp.domain.quantities import Quantity
from weatherapp.domain.series import Series
from weatherapp.domain.sun import SunDay
from weatherapp.models import Place, Reading, SourceForecast
from weatherapp.models.slugs import add_words
from weatherapp.pages.alert_line import AlertLine, make_alert_line, sort_worst_first
from weatherapp.pages.announcements import News, read_announcements
from weatherapp.pages.coming import Coming, read_coming
from weatherapp.pages.days import read_days, read_sun
from weatherapp.pages.freshness import PredictionFreshness, find_freshness, is_fetch_failing
from weatherapp.pages.hours import HourLine, HourTable, make_hour_table, night_at
from weatherapp.pages.measured import (
    COLUMNS,
    Measured,
    PastHour,
    list_past_hours,
    make_measured,
)
from weatherapp.pages.official import PlaceOfficial, name_beside, read_place_official
from weatherapp.pages.outlook import HOUR, Outlook, make_outlook
from weatherapp.pages.place_rows import PlaceRows, find_place, make_facts, read_place_rows
from weatherapp.pages.readings_chart import (
    HOURS,
    ReadingRow,
    ReadingsChart,
    draw_readings_chart,
    list_rows,
    sum_rain_mm,
)
from weatherapp.pages.replay import Clocks, Replay, describe_replay, read_clocks
from weatherapp.pages.rule_line import RuleLine, check_rules, read_rules_here
from weatherapp.pages.story import read_story
from weatherapp.pages.versions import Version

PAST_ALERTS_SHOWN = 12
CARD_LINES = 6


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
    facts: Facts
    is_fetch_failing: bool
    seen: int
    announcements: News
    official: PlaceOfficial

    @property
    def newest_reading(self) -> Reading | None:
        return self.rows[-1].reading if self.rows else None

    @property
    def measured(self) -> Measured | None:
        if self.newest_reading is None:
            return None
        return make_measured(
            self.newest_reading,
            is_fresh=self.facts.is_fresh(Basis.MEASURED, self.now),
            pressure_change_hpa=self.coming.pressure_change_hpa,
        )

    @property
    def can_update(self) -> bool:
        """Whether there is anything newer than what the prediction was made from."""
        prediction, reading = self.freshness.prediction, self.newest_reading
        if reading is None or not self.place.is_active:
            return False
        return prediction is None or reading.observed_at > prediction.window_end_at

    @property
    def series(self) -> Series | None:
        """What the source forecasts, while that is fresh."""
        return self.forecast.series if self.forecast and self.coming.is_forecast_known else None

    @property
    def story(self) -> Story | None:
        ours = (
            {hour.ends_at: hour.probability for hour in self.outlook.hours} if self.outlook else {}
        )
        return read_story(self.series, now=self.now, zone=self.place.zone, probabilities=ours)

    @cached_property
    def hours(self) -> HourTable | None:
        return make_hour_table(
            self.outlook,
            self.series,
            [line.rule for line in self.rules],
            now=self.now,
            zone=self.place.zone,
            is_dark=night_at(self.place),
        )

    @property
    def is_night(self) -> bool:
        """Now, at the place."""
        return night_at(self.place)(self.now)

    @cached_property
    def days(self) -> tuple[Day, ...]:
        return read_days(self.place, now=self.now)

    @property
    def sun(self) -> SunDay:
        return read_sun(self.place, self.now)

    @property
    def has_hours(self) -> bool:
        return self.outlook is not None or self.coming.is_forecast_known

    @property
    def chart_key(self) -> str:
        """Of all that is drawn of the hours to come."""
        rules = [line.rule.version_id for line in self.rules]
        fresh = f"{self.outlook is not None} {self.coming.is_forecast_known}"
        return f"{self._place_key} {self.version} {rules} {fresh} {self.now:%Y-%m-%d %H}"

    @property
    def week_key(self) -> str:
        """Of the days to come and the sun."""
        return f"{self._place_key} {self.version} {self.now:%Y-%m-%d %H}"

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

    @property
    def _place_key(self) -> str:
        return f"{self.place.pk} {self.place.name} {self.place.time_zone} {reader_mark()}"

    @property
    def reading_columns(self) -> tuple[Quantity, ...]:
        return COLUMNS

    @property
    def past_hours(self) -> tuple[PastHour, ...]:
        return list_past_hours(self.rows)

    @property
    def rain_mm(self) -> float:
        return sum_rain_mm(self.rows)

    @property
    def more_alerts(self) -> int:
        """Beside the worst one."""
        return max(len(self.alerts) - 1, 0)

    @property
    def card_hours(self) -> tuple[HourLine, ...]:
        """As many as a small card has room for."""
        return self.hours.lines[:CARD_LINES] if self.hours else ()

    @property
    def slug(self) -> str:
        return add_words(self.place.pk, self.place.name)

    @property
    def card_url(self) -> str:
        return settings.SITE_URL + reverse("place_card", args=[self.slug])

    @property
    def version(self) -> str:
        """Changes whenever the charts and tables do."""
        prediction = self.freshness.prediction
        parts = (prediction, self.newest_reading, self.forecast)
        return "-".join(str(row.pk) if row else "0" for row in parts)


def read_place(pk: int, *, now: datetime, version: Version, seen: int | None = None) -> PlacePage:
    """`now` is real time; `seen` the newest change that the reader knows of. Raises Http404."""
    clocks = read_clocks(now, scene_mark=version.scene)
    place, run = find_place(pk, now=now)
    place_now = clocks.at(place)
    rules = read_rules_here(place, version.rules)
    past_hours = longest_past_hours(rules)
    stored = read_place_rows(
        place,
        run,
        now=now,
        place_now=place_now,
        past_hours=max(past_hours, HOURS),
        most_alerts=len(rules) + PAST_ALERTS_SHOWN,
        has_question=version.has_question,
    )
    freshness = _find_freshness(place, stored, now, place_now)
    forecast = stored.forecast if stored.forecast and stored.forecast.series.hours() else None
    facts = make_facts(place, stored, place_now, past_hours)
    official = read_place_official(place, version, now=now)
    open_lines, past_lines = _tell_alerts(stored, clocks, official)
    return PlacePage(
        place=place,
        now=place_now,
        real_now=now,
        replay=describe_replay(place, clocks),
        freshness=freshness,
        outlook=_make_outlook(freshness, forecast, place_now),
        coming=read_coming(facts, now=place_now),
        rules=check_rules(
            rules,
            facts,
            place_now,
            open_alerts=[line.alert for line in open_lines],
            rule_states=place.rule_states.all() if version.holds_back else (),
        ),
        alerts=open_lines,
        past_alerts=past_lines[:PAST_ALERTS_SHOWN],
        rows=list_rows(_take_day(stored.readings)),
        forecast=forecast,
        facts=facts,
        is_fetch_failing=is_fetch_failing(place),
        seen=version.newest_change_id,
        announcements=read_announcements(seen, place),
        official=official,
    )


def _find_freshness(
    place: Place, stored: PlaceRows, now: datetime, place_now: datetime
) -> PredictionFreshness:
    return find_freshness(
        stored.prediction,
        stored.request,
        now=now,
        place_now=place_now,
        fresh_for=settings.PREDICTION_FRESH + place.fresh_longer,
    )


def _tell_alerts(
    stored: PlaceRows, clocks: Clocks, official: PlaceOfficial
) -> tuple[tuple[AlertLine, ...], tuple[AlertLine, ...]]:
    """Those that are open, worst first, and those that are over."""
    lines = tuple(
        name_beside(make_alert_line(alert, clocks), official.standings, clocks.now)
        for alert in stored.alerts
    )
    is_open = sort_worst_first(line for line in lines if line.alert.is_open)
    return is_open, tuple(line for line in lines if not line.alert.is_open)


def _make_outlook(
    freshness: PredictionFreshness, forecast: SourceForecast | None, place_now: datetime
) -> Outlook | None:
    if freshness.prediction is None or not freshness.is_fresh:
        return None
    return make_outlook(freshness.prediction, now=place_now, forecast=forecast)


def _take_day(readings: Sequence[Reading]) -> Sequence[Reading]:
    """The day that ends with the newest reading, however old that is."""
    return [row for row in readings if row.observed_at > readings[0].observed_at - HOURS * HOUR]
