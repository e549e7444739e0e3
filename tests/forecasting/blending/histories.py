"""Places with answers and the rain that came after them, as the tests of calibration need them."""

import random
from datetime import timedelta

from predictor import contract
from tests.factories import NOON
from weatherapp.forecasting.blending.learn_calibration import learn_calibrations
from weatherapp.forecasting.blending.place_calibration import calibrate_answers
from weatherapp.models import (
    Place,
    PlaceCalibration,
    Prediction,
    PredictionRequest,
    Reading,
    RequestState,
)

HOUR = timedelta(hours=1)
SAID = (*(0.3,) * 24, 0.8, 0.95)


def store_answer(place, *, window_end_at=NOON, said=SAID, version="first"):
    """A stored answer of the model about a window of this place."""
    request = PredictionRequest.objects.create(
        place=place,
        window_end_at=window_end_at,
        state=RequestState.ANSWERED,
        created_at=window_end_at,
        expires_at=window_end_at,
    )
    return Prediction.objects.create(
        request=request,
        place=place,
        window_end_at=window_end_at,
        hourly_probability=list(said[:24]),
        probability_any_6h=said[24],
        probability_any_24h=said[25],
        model_name="rain_mini",
        model_version=version,
        elapsed_ms=1.0,
        answered_at=window_end_at,
    )


def make_rain(place, rain_mm, *, start_at=NOON):
    """A reading for each hour after `start_at`; None is an hour that nobody measured."""
    Reading.objects.bulk_create(
        Reading(
            place=place,
            observed_at=start_at + (index + 1) * HOUR,
            precipitation_mm=value,
            source="open_meteo",
            received_at=start_at,
        )
        for index, value in enumerate(rain_mm)
    )


def make_history(place, *, answers, wet_share=0.5, **fields):
    """An answer an hour, and the rain of all its hours, settled."""
    rng = random.Random(7)
    for index in range(answers):
        store_answer(place, window_end_at=NOON + index * HOUR, **fields)
    rain_mm = [0.4 if rng.random() < wet_share else 0.0 for _ in range(answers + 25)]
    make_rain(place, rain_mm)


def read_scalings(place):
    return PlaceCalibration.objects.get(place=place).read_scalings()


def ask(place, *, version="first", said=SAID):
    """What the site makes of an answer; None where nothing was learned."""
    answer = contract.Answer(tuple(said[:24]), *said[24:], "rain_mini", version, 1.0)
    (calibrated,) = calibrate_answers([(place.pk, NOON, answer)])
    return calibrated


def learn():
    return learn_calibrations(list(Place.objects.values_list("pk", flat=True)), now=NOON)
