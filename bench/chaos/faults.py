"""What goes wrong: a seeded sequence of faults, and how each is done to the real processes."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from random import Random
from time import sleep

import psutil
import psycopg

from bench.chaos.stage import Stage, now
from tests.delivery.mail_server import HANG_UP, STAY_SILENT
from tests.system.site import wait_for

# In hours of the weather. 0: while the site still suffers from the fault before
PAUSE_HOURS = (0, 1, 2, 4)
LASTS_HOURS = (2, 4, 8)
STUCK_S = 30  # so long an hour may take
AWAY_S = 6  # where no hour can be played meanwhile


@dataclass(frozen=True)
class Fault:
    """`pause_hours` after the one before; where it goes on for a while, for `lasts_hours`."""

    kind: str
    pause_hours: int
    lasts_hours: int


def plan(seed: int, kinds: Sequence[str]) -> Iterator[Fault]:
    """Without end; each kind comes once before one comes again."""
    random = Random(seed)  # noqa: S311 - to be repeated, not to be secret
    while True:
        for kind in random.sample(kinds, len(kinds)):
            yield Fault(kind, random.choice(PAUSE_HOURS), random.choice(LASTS_HOURS))


def kill(stage: Stage, lasts_hours: int, *, name: str, number: int = signal.SIGKILL) -> None:
    """All processes of a type at once; the runner starts it again."""
    for process in _find(stage, name):
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)
    _let_leases_end(stage)


def kill_child(stage: Stage, lasts_hours: int) -> None:
    """In the middle of its task, perhaps: the parent sees it and goes on."""
    with suppress(psutil.NoSuchProcess):
        _find(stage, "worker")[-1].kill()
    _let_leases_end(stage)


def stop(stage: Stage, lasts_hours: int, *, name: str) -> None:
    """As a platform replaces it: SIGTERM to all of its processes."""
    kill(stage, lasts_hours, name=name, number=signal.SIGTERM)


def freeze(stage: Stage, lasts_hours: int, *, name: str) -> None:
    """It stands still for a while, with whatever it holds."""
    frozen = _find(stage, name)
    _send_all(frozen, signal.SIGSTOP)
    stage.wait_for_hours(lasts_hours, AWAY_S)
    _send_all(frozen, signal.SIGCONT)


def lose_redis(stage: Stage, lasts_hours: int) -> None:
    """It is killed, stays away for some seconds and starts again with nothing."""
    lost_at = now()
    stage.redis.process.kill()
    stage.redis.process.wait()
    sleep(lasts_hours / 2)
    stage.redis.start()
    stage.rows.let_requests_be_missed(lost_at=lost_at)


def spoil_mail(stage: Stage, lasts_hours: int, *, command: str, answer: str) -> None:
    """The mail server behaves badly for a while."""
    with _answering(stage, command, answer):
        stage.wait_for_hours(lasts_hours, STUCK_S)
    stage.rows.let_mail_rests_end()


def crash_postgres(stage: Stage, lasts_hours: int) -> None:
    """One of its processes is killed: the server ends all others and recovers from its log."""
    with psycopg.connect(stage.rows.url) as connection, suppress(psycopg.OperationalError):
        os.kill(connection.info.backend_pid, signal.SIGKILL)
        connection.execute("SELECT 1")
    wait_for("PostgreSQL is back", partial(_answers, stage), 60)
    _let_leases_end(stage)


Inflict = Callable[[Stage, int], None]
FAULTS: dict[str, Inflict] = {
    "worker killed": partial(kill, name="worker"),
    "worker's child killed": kill_child,
    "worker stopped": partial(stop, name="worker"),
    "worker frozen": partial(freeze, name="worker"),
    "predictor killed": partial(kill, name="predictor"),
    "predictor stopped": partial(stop, name="predictor"),
    "predictor frozen": partial(freeze, name="predictor"),
    "beat killed": partial(kill, name="beat"),
    "web killed": partial(kill, name="web"),
    "player killed": partial(kill, name="player"),
    "Redis lost": lose_redis,
    "mail server silent": partial(spoil_mail, command="GREETING", answer=STAY_SILENT),
    "mail server busy": partial(spoil_mail, command="GREETING", answer="421 not now"),
    "mail server postpones": partial(spoil_mail, command="RCPT", answer="451 later"),
    "mail server hangs up": partial(spoil_mail, command="MAIL TEXT", answer=HANG_UP),
}
ON_POSTGRES: dict[str, Inflict] = {"PostgreSQL crashed": crash_postgres}
# After each of these the site cannot know whether one mail was taken.
CUTS = (
    "worker killed",
    "worker's child killed",
    "worker stopped",
    "mail server hangs up",
    "PostgreSQL crashed",
)


def _find(stage: Stage, name: str) -> list[psutil.Process]:
    """None of a player that is done; another that is being started again is waited for."""
    if name == "player":
        return stage.processes(name)
    return list(wait_for(f"{name} is there", lambda: stage.processes(name), 60))


def _send_all(processes: Sequence[psutil.Process], number: int) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def _let_leases_end(stage: Stage) -> None:
    stage.let_leases_end(died_at=now())


@contextmanager
def _answering(stage: Stage, command: str, answer: str) -> Iterator[None]:
    stage.mail_server.answers[command] = answer
    yield
    del stage.mail_server.answers[command]


def _answers(stage: Stage) -> bool:
    with suppress(psycopg.OperationalError):
        return stage.rows.query("SELECT 1") == [(1,)]
    return False
