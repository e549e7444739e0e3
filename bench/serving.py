"""`make bench`: this predictor beside what people write instead, in one run on one machine.

Prints the tables and keeps them in docs/benchmarks.md, which says what they mean.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import perf_counter

from bench.measure import Record, measure
from bench.services import Running, run_http, run_queue
from tests import ROOT

DOCUMENT = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
PACKAGES = (
    "tensorflow-cpu",
    "tensorflow",
    "ai-edge-litert",
    "celery",
    "django",
    "fastapi",
    "litserve",
)
TITLES = (
    "", "at start, MB", "loaded, MB", "at the end, MB", "first answer, s",
    "p50, ms", "p99, ms", "1 client, /s", "8 clients, /s",
)  # fmt: skip
GUNICORN = (
    "gunicorn",
    "bench.baselines.django_site",
    "--workers=1",
    "--threads=2",
    "--timeout=120",
)
UVICORN = ("uvicorn", "bench.baselines.fastapi_service:app", "--host=127.0.0.1", "--port=PORT")

Start = Callable[[], AbstractContextManager[Running]]
SERVICES: dict[str, Start] = {
    "this predictor, LiteRT, through Redis": partial(run_queue, "litert"),
    "this predictor, TensorFlow, through Redis": partial(run_queue, "tensorflow"),
    "LitServe, SavedModel signature": partial(run_http, "bench.baselines.litserve_service", "PORT"),
    "FastAPI, Keras model.predict": partial(run_http, *UVICORN),
    "Django, Keras model.predict": partial(
        run_http, *GUNICORN, "--no-control-socket", "--bind=127.0.0.1:PORT"
    ),
}


@dataclass(frozen=True)
class Results:
    records: dict[str, Record]
    growth: dict[str, dict[str, float]]  # runtime -> answers given -> ms


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--print-only", action="store_true", help="leave the document alone")
    options = parser.parse_args()
    load_before = os.getloadavg()[0]
    figures = write_figures(run_all(), load_before)
    print(figures)
    if not options.print_only:
        keep(figures)


def run_all() -> Results:
    """One after the other: contenders must not disturb each other."""
    results = Results({}, {})
    for runtime, title in (("litert", "LiteRT"), ("tensorflow", "TensorFlow")):
        say(f"this predictor, {title}, in process")
        told = run_in_process(runtime)
        results.records[f"this predictor, {title}, in process"] = Record(**told["record"])
        results.growth[title] = told["growth"]
    for name, start in SERVICES.items():
        say(name)
        began_s = perf_counter()
        with start() as running:
            results.records[name] = measure(running.pid, running.connect, began_s)
        say(f"    {results.records[name]}")
    return results


def run_in_process(runtime: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-m", "bench.in_process", runtime, str(perf_counter())],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def write_figures(results: Results, load_before: float) -> str:
    """Markdown."""
    names = [f"{name} {found}" for name in PACKAGES if (found := _find_version(name))]
    lines = [
        f"Measured on {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores of {_find_cpu()}, "
        f"Python {platform.python_version()}, {', '.join(names)}; load of the machine "
        f"before the run: {load_before:.1f}.",
        "",
        *_table(TITLES, [_row(name, record) for name, record in results.records.items()]),
        "",
        "The median of the last hundred answers, in process, in ms:",
        "",
        *_growth_table(results.growth),
    ]
    return "\n".join(lines)


def keep(figures: str) -> None:
    """Between the marks; the words around them are people's."""
    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{figures}\n{END}{after}")


def _row(name: str, record: Record) -> list[str]:
    return [
        name,
        f"{record.start_mb:.0f}",
        f"{record.loaded_mb:.0f}",
        f"{record.end_mb:.0f}",
        f"{record.first_s:.1f}",
        f"{record.p50_ms:.2f}",
        f"{record.p99_ms:.2f}",
        f"{record.alone_per_s:,.0f}",
        f"{record.crowd_per_s:,.0f}",
    ]


def _growth_table(growth: dict[str, dict[str, float]]) -> list[str]:
    counts = next(iter(growth.values()))
    rows = [[title, *(f"{ms:.3f}" for ms in values.values())] for title, values in growth.items()]
    return _table(["after answers", *(f"{int(count):,}" for count in counts)], rows)


def _table(titles: list[str] | tuple[str, ...], rows: list[list[str]]) -> list[str]:
    rule = ["---", *("---:" for _ in titles[1:])]
    return [f"| {' | '.join(cells)} |" for cells in (titles, rule, *rows)]


def _find_version(package: str) -> str | None:
    """TensorFlow has one name on Linux and another elsewhere."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _find_cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def say(name: str) -> None:
    print(f"... {name}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
