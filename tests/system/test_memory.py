"""The whole site is small: with LiteRT it lives in one machine of 256 MB."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil
import pytest

from bench.memory_goals import SINGLE_MB
from tests import ROOT
from tests.system.memory_group import MemoryGroup, memory_group
from tests.system.site import Site, pss_mb, wait_for
from tests.system.sizes import all_report, read_health, read_many_pages
from weatherapp.operations.local.redis_server import RedisServer

pytestmark = pytest.mark.alone
SINGLE = ("web", "worker", "predictor")


def say(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n  {text}\n")


class SingleMachine(Site):
    """The processes of Procfile.single inside a control group, without the local runner."""

    def __init__(self, folder: Path, group: MemoryGroup | None, **environment: str) -> None:
        super().__init__(folder, procfile="Procfile.single", **environment)
        self.group = group
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    @contextmanager
    def working(self) -> Iterator[SingleMachine]:
        self.command("migrate", "--no-input")
        self.command("collectstatic", "--no-input")
        with self.log_path.open("ab") as log:
            for name in SINGLE:
                self.children[name] = subprocess.Popen(
                    [*(self.group.join_words() if self.group else []), ROOT / "bin/process", name],
                    cwd=ROOT,
                    env=self.environment | {"PROCFILE": self.procfile},
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )
        try:
            wait_for("the site answers", lambda: self.status("/health") == 200)
            yield self
        finally:
            self.end()

    def end(self) -> None:
        for child in self.children.values():
            child.terminate()
        for child in self.children.values():
            with suppress(subprocess.TimeoutExpired):
                child.wait(30)
        for child in self.children.values():
            child.send_signal(signal.SIGKILL)
            child.wait()

    def used_mb(self) -> float:
        """Proportional set size of all of them."""
        return sum(
            pss_mb(process)
            for child in self.children.values()
            for parent in [psutil.Process(child.pid)]
            for process in [parent, *parent.children(recursive=True)]
        )


def test_everything_lives_in_256_mb_with_litert(tmp_path, capsys):
    with ExitStack() as stack:
        group = stack.enter_context(memory_group(SINGLE_MB))
        server = stack.enter_context(RedisServer(tmp_path / "redis.log"))
        if group is not None:
            group.add(server.process.pid)
        site = SingleMachine(tmp_path, group, REDIS_URL=server.url)
        stack.enter_context(site.working())
        wait_for("worker and predictor are ready", lambda: site.ready() >= 2)
        site.command("play_scene")
        read_many_pages(site, 60)
        used_mb = site.used_mb() + pss_mb(psutil.Process(server.process.pid))
        health = wait_for("all report", lambda: all_report(site) and read_health(site))
        hours = site.query("SELECT state, count(*) FROM weatherapp_predictionrequest GROUP BY 1")
        ended = {name: child.poll() for name, child in site.children.items()}
        peak = "no control group here" if group is None else f"peak {group.peak_mb():.0f} MB"
        kills = 0 if group is None else group.kills()

    say(f"one machine: {used_mb:.0f} MB of proportional set size; {peak}", capsys)
    assert used_mb <= SINGLE_MB
    assert kills == 0
    assert ended == dict.fromkeys(SINGLE)
    assert [state for state, _ in hours] == ["ANSWERED"]
    assert hours[0][1] >= 3 * 72
    assert set(health["processes"]) == {"web", "worker", "beat", "predictor"}
    if group is not None and "MEMORY_LIMIT_MB" not in os.environ:
        assert health["memory_limit_mb"] == SINGLE_MB
