"""Networks side by side in one graph."""

import numpy as np
import pytest

from predictor.training.cases import TARGET_NAMES

pytestmark = pytest.mark.tensorflow

INPUTS = 7
FAR_HOURS = slice(6, 24)  # hours 7 to 24
USUAL = np.zeros(INPUTS, dtype=np.float32)
SPREAD = np.full(INPUTS, 0.5, dtype=np.float32)
FEATURES = np.random.default_rng(1).normal(size=(50, INPUTS)).astype(np.float32)


def build(seed, is_near=False):
    from predictor.training.network import Scaling, build_network

    return build_network(Scaling(USUAL, SPREAD), (6,), seed, is_near)


def ask(*members):
    from predictor.training.network import average_members

    return average_members(list(members), FEATURES).numpy()


def test_the_same_seed_is_the_same_start():
    np.testing.assert_array_equal(ask(build(3)), ask(build(3)))
    assert not np.allclose(ask(build(3)), ask(build(4)))


def test_a_network_starts_from_the_log_odds_that_are_usual_at_the_place():
    from predictor.training.network import compute_logits

    network = build(3)
    features = np.zeros((1, INPUTS), dtype=np.float32)
    features[0, :3] = [1.0, 2.0, 3.0]  # scaled: half as much each
    for kernel in network.kernels:
        kernel.assign(np.zeros_like(kernel))

    logits = compute_logits(network, features).numpy()[0]

    assert logits.tolist() == [0.5] * 24 + [1.0, 1.5]


def test_members_are_averaged_in_log_odds():
    one, other, both = (
        ask(*members)[:, 0] for members in ([build(1)], [build(2)], [build(1), build(2)])
    )

    log_odds = [np.log(p / (1.0 - p)) for p in (one, other, both)]

    np.testing.assert_allclose((log_odds[0] + log_odds[1]) / 2.0, log_odds[2], atol=1e-5)


def test_near_networks_speak_for_the_first_hours_only():
    far_alone = ask(build(1))
    with_near = ask(build(1), build(2, is_near=True))

    np.testing.assert_allclose(with_near[:, FAR_HOURS], far_alone[:, FAR_HOURS], atol=1e-6)
    assert (np.abs(with_near[:, :6] - far_alone[:, :6]).max(axis=0) > 0.01).all()


def test_any_of_several_hours_is_at_least_as_likely_as_each():
    probability = ask(build(1), build(2, is_near=True))

    any6, any24 = (probability[:, TARGET_NAMES.index(name)] for name in ("any6", "any24"))

    assert (any6 >= probability[:, :6].max(axis=1)).all()
    assert (any24 >= probability[:, :24].max(axis=1)).all()


def test_the_mean_answer_can_be_shifted_to_what_happened():
    from predictor.training.bias_correction import find_shift

    random = np.random.default_rng(1)
    log_odds = random.normal(-1.0, 1.5, (20_000, 3)).astype(np.float32)
    truth = np.array([0.4, -0.3, 0.0])
    chance = 1.0 / (1.0 + np.exp(-(log_odds + truth)))
    outcome = (random.random(chance.shape) < chance).astype(np.float32)
    outcome[::3] = np.nan
    outcome[:, 2] = 1.0  # always wet: nothing to tell from

    shift = find_shift(log_odds, outcome)

    assert shift.tolist() == pytest.approx(truth.tolist(), abs=0.06)
    moved = 1.0 / (1.0 + np.exp(-(log_odds + shift)))
    known = np.isfinite(outcome[:, 0])
    np.testing.assert_allclose(
        moved[known, :2].mean(axis=0), outcome[known, :2].mean(axis=0), atol=1e-4
    )
