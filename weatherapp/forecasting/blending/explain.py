"""A blended probability and its parts, for those who show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from weatherapp.forecasting.blending.weights import HOURS_NEEDED
from weatherapp.models import PlaceCalibration, Prediction, SourceName
from weatherapp.models.sent_window import SentWindow
from weatherapp.models.stored_blend import StoredWeight


@dataclass(frozen=True, slots=True)
class Parts:
    """P(any wet hour among the next `window_hours`) and what it is made of, 0..1 each.

    `model` is calibrated for the place. Sources give a probability for each hour and none for any
    of several: `source_peak` is that of its likeliest hour. `hours` is how many observed hours the
    weights were learned from, or are there to learn from so far: those of the band that has fewest.
    """

    window_hours: int
    site: float
    model: float
    source_name: str
    source_peak: float
    hours: int
    is_learned: bool

    @property
    def hours_needed(self) -> int:
        return HOURS_NEEDED


@dataclass(frozen=True, slots=True)
class Usual:
    """What a prediction's day was compared with; `days` is how long the record of rain is.

    `wet_share`, 0..1 of the hours, is None while the record is too short to say.
    """

    days: float
    wet_share: float | None
    temperature_c: float | None

    @property
    def whole_days(self) -> int:
        return round(self.days)


@dataclass(frozen=True, slots=True)
class CalibrationEffect:
    """What the place's calibration did to the model's P(any wet hour in 24 hours), 0..1.

    `answers` is how many are learned from by now: some may have come after the prediction. 0 where
    all was begun anew since.
    """

    before: float
    after: float
    answers: int


def read_usual(window: SentWindow) -> Usual | None:
    """None where the message carried no climate."""
    climate = window.climate
    days = climate.get("known_days")
    if days is None:
        return None
    return Usual(days, climate.get("wet_1h_share"), climate.get("usual_temperature_c"))


def answers_learned_from() -> Combinable:
    """For a query of predictions: CalibrationEffect's `answers` of each."""
    rows = PlaceCalibration.objects.filter(
        place=OuterRef("place"), model_version=OuterRef("model_version")
    )
    return Coalesce(Subquery(rows.values("answers")[:1]), 0)


def read_calibration_effect(
    prediction: Prediction, answers: int | None = None
) -> CalibrationEffect | None:
    """None where nothing was learned. Reads a row where `answers` are not known."""
    if prediction.calibrated_any_24h is None:
        return None
    if answers is None:
        same = Prediction.objects.filter(pk=prediction.pk).annotate(answers=answers_learned_from())
        answers = same.values_list("answers", flat=True).first() or 0
    return CalibrationEffect(prediction.probability_any_24h, prediction.calibrated_any_24h, answers)


def name_parts(prediction: Prediction, window_hours: int) -> Parts | None:
    """None where the model's probability is the site's."""
    blend = prediction.read_blend()
    if blend is None:
        return None
    return _make_parts(
        window_hours,
        site=prediction.probability_within(window_hours),
        model=prediction.calibrated.any_within(window_hours),
        source=blend.source,
        source_peak=blend.peak_within(window_hours),
        weights=blend.weights,
    )


def _make_parts(
    window_hours: int,
    *,
    site: float,
    model: float | None,
    source: str,
    source_peak: float | None,
    weights: Sequence[StoredWeight],
) -> Parts | None:
    used = [weight for weight in weights if weight.first_lead_hours <= window_hours]
    hours = [weight.hours for weight in used if weight.hours is not None]
    # It says something only of later hours, or another release wrote what is not understood here.
    if source_peak is None or model is None or not hours:
        return None
    return Parts(
        window_hours=window_hours,
        site=site,
        model=model,
        source_name=str(SourceName(source).label) if source in SourceName.values else source,
        source_peak=source_peak,
        hours=min(hours),
        is_learned=all(weight.is_learned for weight in used),
    )
