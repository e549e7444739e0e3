"""`make chaos`: the same weather twice, once undisturbed and once while everything is broken.

Worker, predictor, beat, web and player are killed, stopped and frozen, Redis forgets, the mail
server fails, PostgreSQL crashes, at random from a seed, while predictions flow, alerts change and
mails go out. Then what the rows and the mailbox hold is compared: ends with status 1 where anything
is lost, doubled or unexpected.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import randrange
from tempfile import TemporaryDirectory
from time import monotonic

from bench.chaos.count import Count, Key, Mailbox, Owed, check_mails, compare
from bench.chaos.faults import CUTS, FAULTS, ON_POSTGRES, STUCK_S, Inflict, plan
from bench.chaos.stage import PATIENCE_S, Stage, running_stage

HOURS_A_MINUTE = 60  # of the weather; undisturbed 150 to 250 are played in a minute
LEAST_HOURS = 60
MOST_HOURS = 3000  # the table of past weather begins with 2013
SHOWN = 20


@dataclass
class Run:
    """What a run has left behind."""

    predictions: list[Key]
    requests: list[Key]
    changes: list[Key]
    owed: list[Owed]
    arrived: list[tuple[str, int]]
    visits: dict[int, int]
    is_settled: bool


def main() -> int:
    options = read_options()
    hours = min(max(LEAST_HOURS, round(options.minutes * HOURS_A_MINUTE)), MOST_HOURS)
    kinds = FAULTS | (ON_POSTGRES if options.database == "postgres" else {})
    print(f"seed {options.seed}, {hours} hours of weather, {options.database}", flush=True)
    with TemporaryDirectory(prefix="weatheralert-chaos-") as temporary:
        folder = options.folder or Path(temporary)
        run_stage = partial(running_stage, hours=hours, database=options.database)
        began_s = monotonic()
        with run_stage(folder / "calm") as stage:
            calm = end(stage)
        print(f"the undisturbed run took {monotonic() - began_s:.0f} s", flush=True)
        with run_stage(folder / "rough") as stage:
            faults = disturb(stage, options, kinds)
            rough = end(stage)
    return report(calm, rough, faults)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.chaos")
    parser.add_argument("--seed", type=int, default=randrange(10_000))  # noqa: S311 - no secret
    parser.add_argument("--minutes", type=float, default=5, help="how long faults go on")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--folder", type=Path, help="keep logs and database here")
    return parser.parse_args()


def disturb(stage: Stage, options: argparse.Namespace, kinds: dict[str, Inflict]) -> list[str]:
    """Faults until the time or the weather is over, at least one of each kind; what happened."""
    began_s = monotonic()
    happened: list[str] = []
    for fault in plan(options.seed, list(kinds)):
        is_over = stage.rows.is_played() or monotonic() - began_s > 60 * options.minutes
        if is_over and len(happened) >= len(kinds):
            break
        stage.wait_for_hours(fault.pause_hours, STUCK_S)
        played = f"{stage.rows.count_played_hours():4} hours played"
        print(f"{monotonic() - began_s:6.1f} s {played}: {fault.kind}", flush=True)
        kinds[fault.kind](stage, fault.lasts_hours)
        happened.append(fault.kind)
    return happened


def end(stage: Stage) -> Run:
    """Let it come to rest, and look."""
    is_settled, rows = stage.settle(), stage.rows
    return Run(
        list(rows.predictions()),
        list(rows.requests()),
        list(rows.changes()),
        rows.owed(),
        stage.arrived(),
        dict(stage.visits),
        is_settled,
    )


def report(calm: Run, rough: Run, faults: list[str]) -> int:
    """Print the tables; 1 where anything is not as it must be."""
    cuts = sum(fault in CUTS for fault in faults)
    box = check_mails(rough.owed, rough.arrived, cuts=cuts)
    counts = [
        compare("predictions", calm.predictions, rough.predictions),
        compare("answered requests", calm.requests, rough.requests),
        compare("alert changes", calm.changes, rough.changes),
        compare("mails owed", (row.key for row in calm.owed), (row.key for row in rough.owed)),
        box.count(),
    ]
    print_faults(faults)
    print_counts(counts)
    print_mails(box, check_mails(calm.owed, calm.arrived, cuts=0), cuts)
    print(f"pages and requests of a visitor, by status (0: no answer): {rough.visits}")
    if not rough.is_settled:
        print(f"for {PATIENCE_S} s there was something to be played, answered or told")
    return 0 if calm.is_settled and rough.is_settled and all(c.is_good for c in counts) else 1


def print_faults(faults: list[str]) -> None:
    print(f"\n{len(faults)} faults:")
    for kind, times in sorted(Counter(faults).items()):
        print(f"  {times:3}  {kind}")


def print_counts(counts: list[Count]) -> None:
    print(f"\n{'':20}{'expected':>10}{'got':>8}{'lost':>8}{'doubled':>9}{'unexpected':>12}")
    for count in counts:
        print(
            f"{count.kind:20}{count.expected:10}{count.got:8}{count.lost:8}"
            f"{count.doubled:9}{count.unexpected:12}"
        )


def print_mails(box: Mailbox, calm: Mailbox, cuts: int) -> None:
    print(
        f"\n{box.again} second mails with the same Message-ID, where a process or connection ended "
        f"between the mail server's yes and the row ({cuts} faults could cause one each)"
        f"\n{box.merged} mails not sent because the alert was over before it could be told "
        f"(undisturbed: {calm.merged} of {calm.merged + calm.told})"
    )
    for text in [*box.lost, *box.doubled, *box.unexpected][:SHOWN]:
        print(f"  {text}")


if __name__ == "__main__":
    sys.exit(main())
