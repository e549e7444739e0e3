"""Splits cases by time, never shuffled across it: train, validation, test."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from predictor import contract
from predictor.training.cases import Cases
from predictor.training.observations import ObservationsError

TRAIN_SHARE = 0.7
VALIDATION_SHARE = 0.1  # the rest is the test


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Of one station, in hours since 1970: a case belongs by its window's end."""

    validation_from_hour: int
    test_from_hour: int


# A station that was not trained on: all of it may test.
UNSEEN = Boundaries(validation_from_hour=-(2**60), test_from_hour=-(2**60))


@dataclass(frozen=True, slots=True)
class Split:
    """Three parts, oldest first.

    Choices are made with models that learn from `train` alone; what is shipped learns from
    `learned`, for nothing is left to be chosen then.
    """

    train: Cases
    validation: Cases
    test: Cases

    @property
    def learned(self) -> Cases:
        """Train and validation."""
        return replace(self.train, ends=np.union1d(self.train.ends, self.validation.ends))


def find_boundaries(cases: Cases) -> dict[str, Boundaries]:
    """By station; the shares hold for each data set. Raises ObservationsError."""
    boundaries: dict[str, Boundaries] = {}
    for number in range(len(cases.data_set_names)):
        cut = _cut(cases, number)
        for station in cases.list_stations(number):
            if station in boundaries:
                raise ObservationsError(f"station {station!r} is in two files: join them first")
            boundaries[station] = cut
    return boundaries


def split_cases(cases: Cases, boundaries: Mapping[str, Boundaries]) -> Split:
    """A part's last day is left out: its future lies in the next part."""
    hours = cases.hours[cases.ends]
    cuts = [boundaries.get(name, UNSEEN) for name in cases.station_names]
    of_case = cases.station_numbers[cases.ends]
    validation_from = np.array([cut.validation_from_hour for cut in cuts])[of_case]
    test_from = np.array([cut.test_from_hour for cut in cuts])[of_case]
    last_target = hours + contract.LEAD_HOURS
    return Split(
        train=cases.pick(last_target < validation_from),
        validation=cases.pick((hours >= validation_from) & (last_target < test_from)),
        test=cases.pick(hours >= test_from),
    )


def _cut(cases: Cases, number: int) -> Boundaries:
    ends = cases.ends[cases.data_set_numbers[cases.ends] == number]
    if not ends.size:
        raise ObservationsError(f"{cases.data_set_names[number]}: no window can be asked there")
    shares = [TRAIN_SHARE, TRAIN_SHARE + VALIDATION_SHARE]
    validation_from, test_from = np.quantile(cases.hours[ends], shares, method="nearest")
    return Boundaries(int(validation_from), int(test_from))
