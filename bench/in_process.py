"""`python -m bench.in_process RUNTIME BEGAN_S`: the engine, asked in its own process; prints JSON.

After the record that every contender gets: the cost of an answer as their number grows.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict

from bench.measure import measure, percentile, time_requests
from predictor import config, contract
from predictor.engine import Engine
from tests.predictor.windows import make_window

MILESTONES = (100, 1_000, 5_000, 10_000, 20_000)


def main(runtime: str, began_s: float) -> None:
    engine = Engine(config.MODELS_FOLDER, config.DEFAULT_MODEL, runtime)
    message = make_window().to_wire()

    def ask() -> None:
        engine.answer(contract.parse_window(contract.SCHEMA_VERSION, message))

    record = measure(os.getpid(), lambda: ask, began_s)
    print(json.dumps({"record": asdict(record), "growth": measure_growth(runtime)}))


def measure_growth(runtime: str) -> dict[int, float]:
    """Answers given -> median milliseconds of the hundred answers before, with a fresh model."""
    engine = Engine(config.MODELS_FOLDER, config.DEFAULT_MODEL, runtime)
    window = make_window()
    times_s = time_requests(lambda: engine.answer(window), MILESTONES[-1])
    return {
        count: percentile(times_s[count - 100 : count], 50) * 1000
        for count in MILESTONES
        if count <= len(times_s)
    }


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
