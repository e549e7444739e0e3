"""Draws what a network learns from, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from predictor.features import Floats
from predictor.training.cases import Cases, Indices
from predictor.training.imagined_rain import GUISES, ImaginedCases

# How often a window comes with each of CLIMATE_DAYS, and with no climate at all.
RECORD_SHARES = (0.6, 0.15, 0.1, 0.15)
# Where a course asks for it: how many windows are shown as another place might have had them.
MOVED_SHARE = 0.4
# A climate with n cases is drawn from as if it had n to this power: half of the hours are Ireland's,
# but few of those who ask live there. 0 would give each climate the same, 1 each case.
SIZE_POWER = 0.75


@dataclass(frozen=True, slots=True)
class Batch:
    """Raw physical units, NaN unknown."""

    hours: Floats  # (n, 24, 6)
    context: Floats  # (n, 12)
    targets: Floats  # (n, 26)
    is_moved: Floats  # (n,): 1 where moved.move_sites is to be applied, else 0


def draw_batches(
    imagined: ImaginedCases, size: int, epochs: int, moved_share: float, seed: int
) -> Iterator[Batch]:
    """As many cases an epoch as there are, in another order and guise each time."""
    random = np.random.default_rng(seed)
    for _ in range(epochs):
        order = random.permutation(_choose_ends(imagined.cases, random))
        for start in range(0, len(order), size):
            yield _draw_batch(imagined, order[start : start + size], moved_share, random)


def draw_batch(imagined: ImaginedCases, count: int, moved_share: float, seed: int) -> Batch:
    """Some cases, none twice."""
    random = np.random.default_rng(seed)
    ends = random.choice(imagined.cases.ends, min(count, len(imagined.cases.ends)), replace=False)
    return _draw_batch(imagined, ends, moved_share, random)


def count_batches(cases: Cases, size: int, epochs: int) -> int:
    """Of draw_batches."""
    return -(-len(cases.ends) // size) * epochs


def _choose_ends(cases: Cases, random: np.random.Generator) -> Indices:
    """(cases,): those of a large data set not all, those of a small one again and again."""
    sets = cases.data_set_numbers[cases.ends]
    numbers, sizes = np.unique(sets, return_counts=True)
    weights = np.cumsum(sizes**SIZE_POWER)
    bounds = np.round(weights / weights[-1] * len(sets)).astype(np.int64)
    counts = np.diff(bounds, prepend=0)
    chosen = [
        np.resize(random.permutation(cases.ends[sets == number]), count)
        for number, count in zip(numbers, counts, strict=True)
    ]
    return np.concatenate(chosen)


def _draw_batch(
    imagined: ImaginedCases, ends: Indices, moved_share: float, random: np.random.Generator
) -> Batch:
    count = len(ends)
    record = random.choice(len(RECORD_SHARES), count, p=RECORD_SHARES)
    is_moved = random.random(count) < moved_share
    guise = random.integers(GUISES, size=count) * is_moved
    return Batch(
        hours=imagined.windows(ends, guise),
        context=imagined.context(ends, record, guise),
        targets=imagined.targets(ends, guise),
        is_moved=is_moved.astype(np.float32),
    )
