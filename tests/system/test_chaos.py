"""Everything is broken once, at moments that a seed chose: nothing is lost, nothing comes twice."""

from __future__ import annotations

import subprocess
import sys
from itertools import islice

from bench.chaos.faults import FAULTS, plan
from tests import ROOT

SEED = 11


def test_nothing_is_lost_nor_doubled_whatever_dies(capsys):
    done = subprocess.run(
        [sys.executable, "-m", "bench.chaos", "--seed", str(SEED), "--minutes", "0.5"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )

    with capsys.disabled():
        sys.stdout.write(f"\n{done.stdout}")
    assert done.returncode == 0, done.stdout
    assert [kind for kind in FAULTS if f": {kind}\n" not in done.stdout] == []


def test_a_seed_is_a_sequence_of_faults_in_which_each_kind_comes_as_often():
    twice = 2 * len(FAULTS)
    faults = list(islice(plan(SEED, list(FAULTS)), twice))

    assert faults == list(islice(plan(SEED, list(FAULTS)), twice))
    assert faults != list(islice(plan(SEED + 1, list(FAULTS)), twice))
    assert sorted(fault.kind for fault in faults) == sorted(2 * list(FAULTS))
