"""The memory goals, in one place: read by bench/memory.py, by tests and, through both, by docs/memory.md.

MB of proportional set size, a process with its children. Peaks are goals of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WHOLE: Final = "whole"
DYNO_MB: Final = 512  # of each process
SINGLE_MB: Final = 256  # of one machine that holds them all, with LiteRT
PREDICTOR_ALONE_MB: Final = 256  # a control group without swap in which TensorFlow works on
RUNNER_MB: Final = 12  # the local run's supervisor
# A hundred idle or slow clients: the aim is 90, missed by 1 to 2 since the site has an API, official
# warnings and metrics (88 at rest; a hundred large bodies and answers take 3 more).
ATTACKED_WEB_MB: Final = 94

# The worker's aim is 100, met with SQLite: parent and child come to share less, the longer they work.
_SITE: Final = {"web": 90, "worker": 110, "beat": 55}
# With PostgreSQL, whose driver costs both 8; the aim of 90 and 110 is missed there by a little.
_WITH_POSTGRES: Final = {"web": 92, "worker": 112}

# Before the first request.
AT_START_MB: Final = {**_SITE, "predictor": 80}
# After 1,000 pages, tasks and predictions; by the predictor's runtime.
AFTER_WORK_MB: Final = {
    "tensorflow": {**_SITE, "predictor": 240, WHOLE: 480},
    "litert": {**_SITE, "predictor": 90, WHOLE: 280},
}
# The highest in between; of the whole the sum of each one's.
PEAK_MB: Final = {
    "tensorflow": {**_SITE, "predictor": 240, WHOLE: 480},
    "litert": {**_SITE, "predictor": 90, WHOLE: 280},
}


def pick_goals(
    goals: Mapping[str, Mapping[str, int]], runtime: str, database: str, procfile: str
) -> dict[str, int]:
    """Of AFTER_WORK_MB or PEAK_MB: name of a process -> MB."""
    picked = {**goals[runtime], **(_WITH_POSTGRES if database == "postgres" else {})}
    return picked | ({WHOLE: SINGLE_MB} if procfile == "Procfile.single" else {})
