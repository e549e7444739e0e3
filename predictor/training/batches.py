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
MOVED_SHARE = 0.5


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
    """Every case once an epoch, in another order and guise each time."""
    random = np.random.default_rng(seed)
    for _ in range(epochs):
        order = random.permutation(imagined.cases.ends)
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
