"""One set of memory goals: what docs/memory.md shows is what the tests ask for."""

from __future__ import annotations

import re

import pytest

from bench import memory_goals as goals
from tests import ROOT

TEXT = (ROOT / "docs" / "memory.md").read_text()
TABLES = re.findall(r"<!-- ((Procfile\S*) (\w+) (\w+)) -->\n(.*?)<!-- end", TEXT, re.DOTALL)


def read_rows(table):
    """Name of a process -> its cells by the heads of their columns."""
    lines = [line.strip("| ").split("|") for line in table.splitlines() if line.startswith("|")]
    heads, _, *rows = [[cell.strip() for cell in line] for line in lines]
    named = [dict(zip(heads, row, strict=False)) for row in rows]
    return {row["process (MB)"].strip("*").removesuffix(" system"): row for row in named}


@pytest.mark.parametrize(
    ("procfile", "runtime", "database", "table"),
    [one[1:] for one in TABLES],
    ids=[t[0] for t in TABLES],
)
def test_the_document_shows_the_goals_and_they_are_kept(procfile, runtime, database, table):
    rows = read_rows(table)
    after = goals.pick_goals(goals.AFTER_WORK_MB, runtime, database, procfile)
    peak = goals.pick_goals(goals.PEAK_MB, runtime, database, procfile)
    del rows["redis"]

    assert {"web", "worker", "predictor", "whole"} <= set(rows)
    for name, row in rows.items():
        assert int(row["goal"]) == after[name], name
        assert int(row["peak's goal"]) == peak[name], name
        assert int(row["after 1,000"]) <= int(row["goal"]), name
        assert int(row["peak"]) <= int(row["peak's goal"]), name


def test_the_document_has_every_table():
    assert len(TABLES) == 4


@pytest.mark.parametrize("runtime", goals.AFTER_WORK_MB)
def test_goals_fit_what_they_are_for(runtime):
    after, peak = goals.AFTER_WORK_MB[runtime], goals.PEAK_MB[runtime]

    assert set(after) == set(peak)
    assert all(after[name] <= peak[name] for name in after)
    assert all(peak[name] < goals.DYNO_MB for name in set(peak) - {goals.WHOLE})
