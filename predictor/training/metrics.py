"""Scores of probabilities against what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BINS = 20
SMALLEST_PROBABILITY = 1e-6  # log loss of a certain miss is infinite
HOURS_PER_WEEK = 168
RESAMPLES = 1000
FLIPS = 1000
INTERVAL = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one target at one data set. `brier_low` to `brier_high` is the 95 % interval.

    `ece_by_chance` is what a perfectly calibrated forecast could not avoid on so few weeks, and
    `ece_p_value` how often chance makes it at least as large as `ece`: a sign-flip test by week.
    """

    brier: float
    brier_low: float
    brier_high: float
    log_loss: float
    auc: float | None  # None when all cases end the same way
    ece: float
    ece_by_chance: float
    ece_p_value: float
    n: int
    base_rate: float


def score(probability: Array, outcome: Array, hours: NDArray[np.int64]) -> Scores:
    """All (n,), outcome 0 or 1, hours since 1970 of each case."""
    errors = (probability - outcome) ** 2
    low, high = resample_weeks(errors, hours)
    ece = compute_ece(probability, outcome)
    by_chance = flip_weeks(probability, outcome, hours)
    return Scores(
        brier=float(errors.mean()),
        brier_low=low,
        brier_high=high,
        log_loss=compute_log_loss(probability, outcome),
        auc=compute_auc(probability, outcome),
        ece=ece,
        ece_by_chance=float(by_chance.mean()),
        ece_p_value=float((1 + (by_chance >= ece).sum()) / (1 + FLIPS)),
        n=len(outcome),
        base_rate=float(outcome.mean()),
    )


def compute_skill(brier: float, reference_brier: float) -> float | None:
    """1 is perfect, 0 no better than the reference; None if the reference is perfect."""
    return 1.0 - brier / reference_brier if reference_brier > 0.0 else None


def compute_log_loss(probability: Array, outcome: Array) -> float:
    """Mean natural log loss."""
    bounded = np.clip(probability, SMALLEST_PROBABILITY, 1.0 - SMALLEST_PROBABILITY)
    losses = outcome * np.log(bounded) + (1.0 - outcome) * np.log(1.0 - bounded)
    return float(-losses.mean())


def compute_auc(probability: Array, outcome: Array) -> float | None:
    """Area under the ROC curve: the chance that a wet case is ranked above a dry one."""
    wet = int(outcome.sum())
    dry = len(outcome) - wet
    if not wet or not dry:
        return None
    ranks = _rank(probability)
    return float((ranks[outcome > 0.5].sum() - wet * (wet + 1) / 2) / (wet * dry))


def compute_ece(probability: Array, outcome: Array) -> float:
    """Expected calibration error: mean gap between said and seen, bins weighted by cases."""
    counts, said, seen = bin_reliability(probability, outcome)
    return float(np.abs(said - seen).sum() / counts.sum())


def bin_reliability(probability: Array, outcome: Array) -> tuple[Array, Array, Array]:
    """Per bin of equal width: cases, sum of what was said, sum of what was seen."""
    bins = _find_bins(probability)
    counts, said, seen = (
        np.bincount(bins, weights=weights, minlength=BINS).astype(np.float64)
        for weights in (None, probability, outcome)
    )
    return counts, said, seen


def resample_weeks(errors: Array, hours: NDArray[np.int64], seed: int = 1) -> tuple[float, float]:
    """95 % interval of the mean: whole weeks are drawn, as neighbouring hours are not independent."""
    weeks = np.unique(hours // HOURS_PER_WEEK, return_inverse=True)[1]
    sums, counts = np.bincount(weeks, weights=errors), np.bincount(weeks)
    drawn = np.random.default_rng(seed).integers(len(sums), size=(RESAMPLES, len(sums)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, INTERVAL)
    return float(low), float(high)


def flip_weeks(
    probability: Array, outcome: Array, hours: NDArray[np.int64], seed: int = 1
) -> Array:
    """(FLIPS,) calibration errors, when every week's misses could as well have gone the other way."""
    weeks = np.unique(hours // HOURS_PER_WEEK, return_inverse=True)[1]
    cells = weeks * BINS + _find_bins(probability)
    size = (weeks.max() + 1) * BINS
    misses = np.bincount(cells, weights=outcome - probability, minlength=size).reshape(-1, BINS)
    signs = np.random.default_rng(seed).choice((-1.0, 1.0), size=(FLIPS, len(misses)))
    errors: Array = np.abs(signs @ misses).sum(axis=1) / len(outcome)
    return errors


def _find_bins(probability: Array) -> NDArray[np.int64]:
    bins: NDArray[np.int64] = np.minimum((probability * BINS).astype(np.int64), BINS - 1)
    return bins


def _rank(values: Array) -> Array:
    """1 for the smallest; equal values share the mean of their ranks."""
    unique, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    del unique
    last = np.cumsum(counts)
    shared: Array = (last - (counts - 1) / 2.0)[inverse]
    return shared


def to_record(scores: Scores, **more: Any) -> dict[str, Any]:
    """Plain JSON, numbers rounded to what they can bear."""
    fields = {name: getattr(scores, name) for name in Scores.__slots__} | more
    return {
        name: round(value, 6) if isinstance(value, float) else value
        for name, value in fields.items()
    }
