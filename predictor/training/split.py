"""Splits cases by time, never shuffled across it: train, validation, test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from predictor import contract
from predictor.training.cases import Cases

TRAIN_SHARE = 0.7
VALIDATION_SHARE = 0.1  # the rest is the test


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Of one data set, in hours since 1970: a case belongs by its window's end."""

    validation_from_hour: int
    test_from_hour: int


@dataclass(frozen=True, slots=True)
class Split:
    """Three parts, oldest first."""

    train: Cases
    validation: Cases
    test: Cases


def find_boundaries(cases: Cases) -> dict[str, Boundaries]:
    """Per data set, so that the shares hold for each of them."""
    return {name: _cut(cases, number) for number, name in enumerate(cases.data_set_names)}


def split_cases(cases: Cases, boundaries: dict[str, Boundaries]) -> Split:
    """A part's last day is left out: its future lies in the next part."""
    hours = cases.hours[cases.ends]
    cuts = [boundaries[name] for name in cases.data_set_names]
    of_case = cases.data_set_numbers[cases.ends]
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
    shares = [TRAIN_SHARE, TRAIN_SHARE + VALIDATION_SHARE]
    validation_from, test_from = np.quantile(cases.hours[ends], shares, method="nearest")
    return Boundaries(int(validation_from), int(test_from))
