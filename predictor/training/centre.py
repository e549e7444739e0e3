"""The last step of a fit: on the real training windows, the mean answer equals what happened.

Networks learn from windows with blanks, of places that do not exist. What a little drier world than
the real one does to their answers, one number a target takes back.
"""

from __future__ import annotations

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from predictor.features import Floats
from predictor.training.cases import Cases
from predictor.training.network import Network, Scaling, average_log_odds, scale_features

Array = NDArray[np.float64]

CENTRING_CASES = 200_000
ASKED_AT_ONCE = 8_192
STEPS = 8  # Newton's: the second is good enough, for the shift is small


def centre_networks(networks: list[Network], scaling: Scaling, cases: Cases) -> None:
    """Shift the networks' last biases, all by the same."""
    step = -(-len(cases.ends) // CENTRING_CASES)
    chosen = cases.pick(np.arange(len(cases.ends)) % step == 0)
    log_odds = _ask(networks, scaling, chosen)
    shift = find_shift(log_odds, chosen.targets(chosen.ends))
    for network in networks:
        network.biases[-1].assign_add(shift)


def find_shift(log_odds: Floats, outcome: Floats) -> Floats:
    """(n, targets) twice, outcomes 1, 0 or NaN -> (targets,) to add to the log-odds.

    The most likely shift; 0 where an outcome is never known, or always the same.
    """
    known = np.isfinite(outcome)
    wet, count = np.nansum(outcome, axis=0, dtype=np.float64), known.sum(axis=0)
    is_mixed = (wet > 0) & (wet < count)
    shift = np.zeros(outcome.shape[1])
    for _ in range(STEPS):
        chance: Array = np.where(known, 1.0 / (1.0 + np.exp(-(log_odds + shift))), 0.0)
        bend = np.maximum((chance * (1.0 - chance)).sum(axis=0), 1.0)
        shift += np.where(is_mixed, (wet - chance.sum(axis=0)) / bend, 0.0)
    return shift.astype(np.float32)


def _ask(networks: list[Network], scaling: Scaling, cases: Cases) -> Floats:
    """(cases, 26) log-odds, windows and climates as they are."""

    def answer(hours: object, context: object) -> object:
        return average_log_odds(networks, scale_features(hours, context, scaling))

    traced = tf.function(answer, autograph=False, reduce_retracing=True)
    parts = np.array_split(cases.ends, max(1, len(cases.ends) // ASKED_AT_ONCE))
    answers = [traced(cases.windows(part), cases.context(part)).numpy() for part in parts]
    return np.concatenate(answers)
