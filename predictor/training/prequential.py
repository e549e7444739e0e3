"""A model's answers as a site gives them: calibrated by what came after its earlier ones at the place.

Prequential: each answer is scored before it is learned from. A station begins with the model's own
answers; each case moves the later ones once its 24 hours are over and measured, as
weatherapp/forecasting/blending/learn_calibration.py does.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from predictor.online_calibration import UNCALIBRATED, calibrate, learn_answer
from predictor.training.cases import Cases, Indices
from predictor.training.metrics import Array

SETTLED_HOURS = 26  # after a window's end: 24 hours ahead, and sources mend their newest two


def calibrate_online(cases: Cases, probability: Array) -> Array:
    """(cases, 26) -> (cases, 26); each station by itself, in order of time."""
    of_case = cases.station_numbers[cases.ends]
    outcome = cases.targets(cases.ends)
    answers = np.empty_like(probability)
    for number in np.unique(of_case):
        chosen = of_case == number
        hours = cases.hours[cases.ends[chosen]]
        answers[chosen] = _calibrate_station(probability[chosen], outcome[chosen], hours)
    return answers


def _calibrate_station(probability: Array, outcome: Array, hours: Indices) -> Array:
    scalings, answers = UNCALIBRATED, []
    unsettled: deque[tuple[int, list[float], list[bool | None]]] = deque()
    for hour, said, came in zip(
        hours.tolist(), probability.tolist(), outcome.tolist(), strict=True
    ):
        while unsettled and unsettled[0][0] + SETTLED_HOURS <= hour:
            scalings = learn_answer(scalings, *unsettled.popleft()[1:])
        answers.append(calibrate(scalings, said))
        happened = [None if value != value else value > 0.5 for value in came]
        unsettled.append((hour, said, happened))
    return np.array(answers)
