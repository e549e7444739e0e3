"""The last step of a fit: on the real training windows, the mean answer equals what happened.

Networks learn from windows with blanks, of places that do not exist. What a little drier world than
the real one does to their answers, one number a target takes back.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from predictor.features import Floats
from predictor.training.ask import Tensor, ask
from predictor.training.cases import Cases
from predictor.training.network import Network, Scaling, average_log_odds, scale_features

Array = NDArray[np.float64]

CENTRING_CASES = 200_000
STEPS = 8  # Newton's: the second is good enough, for the shift is small


def correct_bias(networks: list[Network], scaling: Scaling, cases: Cases) -> None:
    """Shift the networks' last biases, all by the same."""
    step = -(-len(cases.ends) // CENTRING_CASES)
    chosen = cases.pick(np.arange(len(cases.ends)) % step == 0)

    def answer(hours: Tensor, context: Tensor) -> Tensor:
        return average_log_odds(networks, scale_features(hours, context, scaling))

    log_odds = ask(answer, chosen)
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
