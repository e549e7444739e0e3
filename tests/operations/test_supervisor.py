"""The local run's supervisor, with small real processes."""

import signal
import subprocess
import sys

import psutil

from tests import ROOT

PROGRAM = """
import sys
from honcho.printer import Printer
from weatherapp.operations.local.supervisor import Supervisor

supervisor = Supervisor(Printer(sys.stdout), once=frozenset({"once"}))
for name, command in zip(sys.argv[1::2], sys.argv[2::2]):
    supervisor.add_process(name, command)
supervisor.loop()
print("all ended", flush=True)
"""


def is_alive(pid):
    """Nobody may have collected it yet, but it does nothing any more."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


class Run:
    def __init__(self, **commands):
        words = [word for pair in commands.items() for word in pair]
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", PROGRAM, *words],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )

    def read_until(self, *parts):
        """Lines up to the one that holds all parts; ends where the output ends."""
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if all(part in line for part in parts):
                return lines
        raise AssertionError(f"{parts} never came: {lines}")

    def stop(self, number=signal.SIGTERM):
        """Exit status and the rest of the output."""
        self.process.send_signal(number)
        rest = self.process.stdout.read()
        return self.process.wait(30), rest

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.process.terminate()
        self.process.communicate()


def test_a_process_that_dies_is_started_again_and_the_others_live_on():
    with Run(steady="exec sleep 600", frail="echo hello; exit 3") as run:
        lines = run.read_until("frail ended with status 3")
        lines += run.read_until("frail", "| hello")
        status, rest = run.stop()

    assert not any("steady ended" in line for line in lines)
    assert "steady stopped" in rest
    assert "all ended" in rest
    assert status == 0


def test_what_runs_once_and_ends_well_is_not_started_again():
    with Run(once="echo done", frail="exit 1") as run:
        lines = run.read_until("once", "| done")
        for _ in range(2):
            lines += run.read_until("frail ended")
        _, rest = run.stop()

    started = [line for line in [*lines, *rest.splitlines()] if "once started" in line]
    assert len(started) == 1


def test_what_runs_once_and_fails_is_tried_again():
    with Run(once="exit 1") as run:
        run.read_until("once ended with status 1; starting it again")
        assert "once started" in run.read_until("once started")[-1]


def test_ctrl_c_stops_what_the_processes_started_too():
    with Run(nest="sleep 600 & echo child $!; wait") as run:
        child = int(run.read_until("| child")[-1].split()[-1])
        status, rest = run.stop(signal.SIGINT)

    assert status == 0
    assert "nest stopped" in rest
    assert not is_alive(child)
