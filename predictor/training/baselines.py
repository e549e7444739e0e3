"""What others would train on the same rows: logistic regression and LightGBM."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import lightgbm
import numpy as np
import tensorflow as tf
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tqdm import tqdm

from predictor.features import Floats
from predictor.training.cases import Cases, Indices
from predictor.training.front_end import make_features
from predictor.training.metrics import Array
from predictor.training.reference import SCORED_COLUMNS
from predictor.training.split import Split

CHUNK = 20_000
LOGISTIC_CASES = 150_000  # more change its Brier score in the fifth decimal only
TREES = 500
PATIENCE = 40
LIGHTGBM_SETTINGS = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 63,
    "min_data_in_leaf": 200,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "num_threads": 2,
    "seed": 1,
    "deterministic": True,
    "verbose": -1,
}

Rival = Callable[[Floats], Array]
Table = tuple[Floats, Floats]  # features, targets


def predict_rivals(
    split: Split,
    scored: Cases,
    columns: tuple[int, ...] = SCORED_COLUMNS,
    names: tuple[str, ...] = ("logistic", "lightgbm"),
) -> dict[str, Array]:
    """Name -> (n, columns), trained on split.learned as our models are.

    How many trees LightGBM needs is found by early stopping on split.validation.
    """
    train, validation = _tabulate(split.train), _tabulate(split.validation)
    features = make_table(scored, scored.ends)
    answers: dict[str, list[Array]] = {name: [] for name in names}
    for column in tqdm(columns, desc="rivals", unit="target"):
        for name in names:
            rival = FITS[name](_known(train, column), _known(validation, column))
            answers[name].append(rival(features))
    return {name: np.stack(each, axis=1) for name, each in answers.items()}


def make_table(cases: Cases, ends: Indices) -> Floats:
    """(n,) -> (n, features): the model's own features, as good as hand-made ones get."""
    make = tf.function(make_features, autograph=False, reduce_retracing=True)
    chunks = np.array_split(ends, max(1, len(ends) // CHUNK))
    return np.concatenate(
        [make(cases.windows(part), cases.context(part)).numpy() for part in chunks]
    )


def _tabulate(cases: Cases) -> Table:
    return make_table(cases, cases.ends), cases.targets(cases.ends)


def _known(table: Table, column: int) -> Table:
    features, targets = table
    known = np.isfinite(targets[:, column])
    return features[known], targets[known, column]


def _join(train: Table, validation: Table) -> Table:
    features, outcome = (np.concatenate(pair) for pair in zip(train, validation, strict=True))
    return features, outcome


def _fit_logistic(train: Table, validation: Table) -> Rival:
    features, outcome = _join(train, validation)
    random = np.random.default_rng(1)
    count = min(LOGISTIC_CASES, len(outcome))
    chosen = random.choice(len(outcome), count, replace=False)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=300, tol=1e-3))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "did not converge" in the last decimals
        model.fit(features[chosen], outcome[chosen])
    return lambda table: np.asarray(model.predict_proba(table)[:, 1], dtype=np.float64)


def _fit_lightgbm(train: Table, validation: Table) -> Rival:
    train_set = lightgbm.Dataset(*train)
    stopped: Any = lightgbm.train(
        LIGHTGBM_SETTINGS,
        train_set,
        TREES,
        valid_sets=[lightgbm.Dataset(*validation, reference=train_set)],
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
    )
    whole = lightgbm.Dataset(*_join(train, validation))
    model: Any = lightgbm.train(LIGHTGBM_SETTINGS, whole, stopped.best_iteration)
    return lambda table: np.asarray(model.predict(table), dtype=np.float64)


FITS = {"logistic": _fit_logistic, "lightgbm": _fit_lightgbm}
