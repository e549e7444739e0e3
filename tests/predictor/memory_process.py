"""`python -m tests.predictor.memory_process RUNTIME SCENE ...`: answers in a process of its own.

Prints one JSON object: memory in MB after the steps that the scene names.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from dyno.memory import memory_mb, read_cgroup_limit_mb
from predictor import config
from predictor.engine import Engine
from tests.predictor.windows import make_window

SOAK_WARM_UP = 1_000


def soak(engine: Engine, count: int) -> dict[str, float]:
    """Resident after SOAK_WARM_UP answers and after `count` more."""
    answer_many(engine, SOAK_WARM_UP)
    before_mb = memory_mb()
    answer_many(engine, count)
    return {"before_mb": before_mb, "after_mb": memory_mb()}


def switch(engine: Engine, count: int) -> dict[str, float]:
    """Resident after two switches of the model there and back, and after `count` more."""
    sizes_mb = []
    for number in range(4 + count):
        engine.answer(make_window(), ("rain_mini", "rain_other")[number % 2])
        sizes_mb.append(memory_mb())
    return {"before_mb": sizes_mb[3], "after_mb": sizes_mb[-1]}


def idle(engine: Engine, count: int) -> dict[str, float]:
    """Resident with a model that answered `count` times, without it, and after one answer more."""
    answer_many(engine, count)
    loaded_mb = memory_mb()
    engine.unload()
    unloaded_mb = memory_mb()
    engine.answer(make_window())
    return {"loaded_mb": loaded_mb, "unloaded_mb": unloaded_mb, "again_mb": memory_mb()}


def work(engine: Engine, count: int) -> dict[str, float]:
    """What can never be given back, however little memory there is."""
    answer_many(engine, count)
    status = Path("/proc/self/status").read_text()
    (anonymous_kb,) = (line.split()[1] for line in status.splitlines() if "RssAnon" in line)
    return {
        "anonymous_mb": int(anonymous_kb) / 1024,
        "resident_mb": memory_mb(),
        "limit_mb": read_cgroup_limit_mb() or 0.0,
    }


def answer_many(engine: Engine, count: int) -> None:
    window = make_window()
    for _ in range(count):
        engine.answer(window)


SCENES = {scene.__name__: scene for scene in (soak, switch, idle, work)}

if __name__ == "__main__":
    _, runtime, scene, count, *folder = sys.argv
    models_folder = Path(folder[0]) if folder else config.MODELS_FOLDER
    engine = Engine(models_folder, "rain_mini", runtime)
    sys.stdout.write(json.dumps(SCENES[scene](engine, int(count))) + "\n")
