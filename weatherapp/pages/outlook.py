"""A prediction as a reader meets it: hour by hour, and what its headline says. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from weatherapp.display.values import show_percent as percent
from weatherapp.domain import rain
from weatherapp.forecasting.blending.explain import (
    CalibrationEffect,
    Parts,
    Usual,
    name_parts,
    read_calibration_effect,
    read_usual,
)
from weatherapp.models import Prediction, SourceForecast
from weatherapp.pages.words import Chance, name_chance

HOUR = timedelta(hours=1)
RECENT = timedelta(minutes=90)  # until then "the next 6 hours" is close enough to the truth


@dataclass(frozen=True, slots=True)
class OutlookHour:
    """Probabilities 0..1 of at least 0.1 mm: in this hour, and from the start to its end.

    `model_probability` is None where the probability is the model's own.
    """

    starts_at: datetime
    ends_at: datetime
    probability: float
    by_then: float
    model_probability: float | None
    source_probability: float | None
    is_past: bool

    @property
    def percent(self) -> str:
        return percent(self.probability)

    @property
    def by_then_percent(self) -> str:
        return percent(self.by_then)

    @property
    def model_percent(self) -> str:
        return "" if self.model_probability is None else percent(self.model_probability)

    @property
    def source_percent(self) -> str:
        return "" if self.source_probability is None else percent(self.source_probability)


@dataclass(frozen=True, slots=True)
class Outlook:
    prediction: Prediction
    now: datetime  # the place's clock
    hours: tuple[OutlookHour, ...]
    calibration_answers: int | None = None  # None: not asked yet

    @property
    def starts_at(self) -> datetime:
        return self.hours[0].starts_at

    @property
    def near_ends_at(self) -> datetime:
        return self.hours[rain.NEAR_HOURS - 1].ends_at

    @property
    def ends_at(self) -> datetime:
        return self.hours[-1].ends_at

    @property
    def near_percent(self) -> str:
        return percent(self.prediction.probability_within(rain.NEAR_HOURS))

    @property
    def far_percent(self) -> str:
        return percent(self.prediction.probability_within(rain.FAR_HOURS))

    @property
    def wettest(self) -> OutlookHour:
        return max(self.hours, key=lambda hour: hour.probability)

    @property
    def has_source(self) -> bool:
        return any(hour.source_probability is not None for hour in self.hours)

    @property
    def is_blended(self) -> bool:
        return self.prediction.blend is not None

    @property
    def chance(self) -> Chance:
        return name_chance(self.prediction.probability_within(rain.NEAR_HOURS))

    @property
    def is_recent(self) -> bool:
        """Whether "the next 6 hours" may be said of it."""
        return self.now - self.starts_at <= RECENT

    @property
    def parts(self) -> tuple[Parts, ...]:
        """What the two figures are made of; empty where they are the model's own."""
        parts = (name_parts(self.prediction, hours) for hours in (rain.NEAR_HOURS, rain.FAR_HOURS))
        return tuple(part for part in parts if part is not None)

    @property
    def usual(self) -> Usual | None:
        """What the day was compared with; None where not on record. Reads the request."""
        return read_usual(self.prediction.read_window())

    @property
    def calibration(self) -> CalibrationEffect | None:
        """What the place's calibration did; None where nothing was learned."""
        return read_calibration_effect(self.prediction, self.calibration_answers)


def make_outlook(
    prediction: Prediction, *, now: datetime, forecast: SourceForecast | None = None
) -> Outlook:
    """`now` is the place's clock."""
    theirs = _read_theirs(prediction, forecast)
    model, site, hours = prediction.calibrated, prediction.site, []
    for index, probability in enumerate(site.hourly_probability):
        ends_at = prediction.window_end_at + (index + 1) * HOUR
        hours.append(
            OutlookHour(
                starts_at=ends_at - HOUR,
                ends_at=ends_at,
                probability=probability,
                by_then=site.any_within(index + 1),
                model_probability=model.hourly_probability[index] if prediction.blend else None,
                source_probability=theirs.get(ends_at),
                is_past=ends_at <= now,
            )
        )
    answers = getattr(prediction, "calibration_answers", None)  # where the query had it
    return Outlook(prediction, now, tuple(hours), answers)


def _read_theirs(
    prediction: Prediction, forecast: SourceForecast | None
) -> Mapping[datetime, float]:
    """What was combined; where nothing was, what the newest run says."""
    blend = prediction.read_blend()
    if blend is None:
        return read_source_probabilities(forecast)
    return {
        prediction.window_end_at + lead_hours * HOUR: value
        for lead_hours, value in enumerate(blend.hourly_probability, start=1)
        if value is not None
    }


def read_source_probabilities(forecast: SourceForecast | None) -> dict[datetime, float]:
    """End of the hour -> the source's own probability, where it says one."""
    if forecast is None:
        return {}
    hours = forecast.series.hours()
    if not hours:
        return {}
    return dict(
        forecast.series.known("precipitation_probability", after=hours[0] - HOUR, until=hours[-1])
    )
