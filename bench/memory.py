"""`make bench-memory`: starts the Procfile's processes, drives them, and tables their memory.

Proportional set size of each process with its children: a page that n processes share counts 1/n
in each of them, so that the sum is what the machine holds.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from threading import Event, Thread

import psutil
import redis
from celery import Celery

from bench.memory_goals import AFTER_WORK_MB, DYNO_MB, PEAK_MB, WHOLE, pick_goals
from dyno.broker import configure
from predictor import contract, messages
from tests import ROOT
from tests.postgres import start_postgres
from tests.predictor.windows import make_window
from tests.system.site import Site, wait_for
from weatherapp.operations.local.redis_server import RedisServer

TIMES = 1000
PAGES = ("/", "/places/1/", "/alerts/1/", "/health", "/admin/login/")
DOCUMENT = ROOT / "docs" / "memory.md"
SAMPLE_S = 0.25
TITLES = (
    "start",
    "first answer",
    f"after {TIMES:,}",
    "anonymous",
    "files",
    "goal",
    "peak",
    "peak's goal",
    "limit",
)


@dataclass
class Size:
    """In MB; anonymous and file parts make up the proportional set size."""

    pss: float = 0.0
    anonymous: float = 0.0
    file: float = 0.0

    def add(self, process: psutil.Process) -> None:
        try:
            rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text()
        except OSError:  # it ended a moment ago
            return
        kib = {name: int(size) for name, size in re.findall(r"^(\w+): +(\d+) kB", rollup, re.M)}
        self.pss += kib["Pss"] / 1024
        self.anonymous += kib["Pss_Anon"] / 1024
        self.file += (kib["Pss_File"] + kib["Pss_Shmem"]) / 1024


@dataclass
class Record:
    """What was seen of one process type."""

    at_start: Size = field(default_factory=Size)
    after_first: Size = field(default_factory=Size)
    at_end: Size = field(default_factory=Size)
    peak_mb: float = 0.0

    def row(self, name: str, goal_mb: int | None, peak_goal_mb: int | None, limit: str) -> str:
        sizes = (
            self.at_start.pss, self.after_first.pss, self.at_end.pss,
            self.at_end.anonymous, self.at_end.file, goal_mb, self.peak_mb, peak_goal_mb,
        )  # fmt: skip
        cells = ("" if size is None else f"{size:.0f}" for size in sizes)
        return " | ".join([name, *cells, limit])


def main() -> None:
    options = read_options()
    with TemporaryDirectory() as folder, RedisServer(Path(folder) / "redis.log") as server:
        site = Site(
            Path(folder),
            procfile=options.procfile,
            REDIS_URL=server.url,
            PREDICTOR_RUNTIME=options.runtime,
            **database(options.database),
        )
        records = measure(site, server)
    table = make_table(records, options)
    sys.stdout.write(f"\n{table}\n")
    if options.write:
        write_table(table, f"{options.procfile} {options.runtime} {options.database}")


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.memory")
    parser.add_argument("--runtime", choices=sorted(AFTER_WORK_MB), default="tensorflow")
    parser.add_argument("--procfile", default="Procfile")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--write", action="store_true", help=f"put it into {DOCUMENT.name}")
    return parser.parse_args()


def database(kind: str) -> dict[str, str]:
    """The server itself is not counted: on a platform it runs elsewhere."""
    if kind == "sqlite":
        return {}
    server_folder = Path(mkdtemp(prefix="weatheralert-bench-"))  # it has a user of its own
    return {"DATABASE_URL": start_postgres(server_folder)}


def measure(site: Site, server: RedisServer) -> dict[str, Record]:
    """Start, first answer, the demo, then TIMES pages, predictions and tasks of the worker."""
    names = ["redis", *site.process_names]
    records = {name: Record() for name in names}
    with site.running("demo"):
        wait_for("worker and predictor are ready", lambda: site.ready() >= 2)
        with Peaks(site, server, records):
            take(site, server, records, "at_start")
            asker = make_asker(server.url)
            site.status("/")
            ask(asker, server, 1)
            take(site, server, records, "after_first")
            play_demo(site)
            ask(asker, server, TIMES)
            work(asker, server, TIMES)
            for number in range(TIMES):
                site.status(PAGES[number % len(PAGES)])
            take(site, server, records, "at_end")
    return records


def take(site: Site, server: RedisServer, records: dict[str, Record], moment: str) -> None:
    for name, processes in families(site, server).items():
        size = Size()
        for process in processes:
            size.add(process)
        setattr(records[name], moment, size)


def families(site: Site, server: RedisServer) -> dict[str, list[psutil.Process]]:
    found = site.processes()
    found["redis"] = [psutil.Process(server.process.pid)]
    return found


class Peaks:
    """Looks four times a second."""

    def __init__(self, site: Site, server: RedisServer, records: dict[str, Record]) -> None:
        self.site, self.server, self.records = site, server, records
        self.over = Event()
        self.thread = Thread(target=self.look, daemon=True)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def look(self) -> None:
        while not self.over.wait(SAMPLE_S):
            for name, processes in families(self.site, self.server).items():
                size = Size()
                for process in processes:
                    size.add(process)
                self.records[name].peak_mb = max(self.records[name].peak_mb, size.pss)


def make_asker(redis_url: str) -> Celery:
    app = configure(Celery("asker", fixups=[], set_as_current=False))
    app.conf.broker_url = redis_url
    return app


def ask(asker: Celery, server: RedisServer, times: int) -> None:
    """Predictions, one after the other as far as the predictor goes."""
    window = make_window().to_wire()
    for _ in range(times):
        asker.send_task(
            contract.TASK_NAME,
            kwargs=messages.make_message({"bench": window}, None),
            queue=contract.PEOPLE_QUEUE,
        )
    wait_until_empty(server, contract.PEOPLE_QUEUE, contract.UNACKED_KEY)


def work(asker: Celery, server: RedisServer, times: int) -> None:
    """Tasks of the worker: a place's rules."""
    for _ in range(times):
        asker.send_task(
            "weatherapp.tasks.evaluate_places", kwargs={"place_ids": [1]}, queue="default"
        )
    wait_until_empty(server, "default", "unacked")


def wait_until_empty(server: RedisServer, queue: str, unacked: str) -> None:
    """Several times in a row: between the two a message is nowhere for a moment."""
    looks: list[bool] = []
    with redis.Redis(port=server.port) as client:

        def is_empty() -> bool:
            looks.append(not client.llen(queue) and not client.hlen(unacked))
            return len(looks) > 5 and all(looks[-5:])

        wait_for(f"{queue} is worked off", is_empty, 600)


def play_demo(site: Site) -> None:
    """The scene, played by a process of its own: real weather through all processes."""
    site.command("play_scene")


def make_table(records: dict[str, Record], options: argparse.Namespace) -> str:
    goals, peaks = (
        pick_goals(goals, options.runtime, options.database, options.procfile)
        for goals in (AFTER_WORK_MB, PEAK_MB)
    )
    whole = Record()
    for record in records.values():
        whole.peak_mb += record.peak_mb
        for moment in ("at_start", "after_first", "at_end"):
            part, total = getattr(record, moment), getattr(whole, moment)
            total.pss += part.pss
            total.anonymous += part.anonymous
            total.file += part.file
    rows = [
        record.row(name, goals.get(name), peaks.get(name), f"{DYNO_MB}" if name in goals else "")
        for name, record in records.items()
    ]
    rows.append(whole.row("**whole system**", goals[WHOLE], peaks[WHOLE], ""))
    head = ["process (MB)", *TITLES]
    lines = [" | ".join(head), " | ".join(["---"] * len(head)), *rows]
    words = (
        f"--procfile {options.procfile} --runtime {options.runtime} --database {options.database}"
    )
    stamp = f"`python -m bench.memory {words}`"
    return "\n".join([f"{stamp}, {datetime.now(UTC):%Y-%m-%d}:", "", *(f"| {x} |" for x in lines)])


def write_table(table: str, name: str) -> None:
    """Between the document's marks of this table."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    text = DOCUMENT.read_text()
    before, rest = text.split(begin, 1)
    after = rest.split(end, 1)[1]
    DOCUMENT.write_text(f"{before}{begin}\n{table}\n{end}{after}")


if __name__ == "__main__":
    main()
