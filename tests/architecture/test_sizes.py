"""Files stay small enough to have one job."""

import subprocess

from tests import ROOT

LIMIT = 300  # lines
OURS = ("dyno", "predictor", "tests", "weatheralert", "weatherapp")


def test_no_module_outgrows_one_job():
    files = subprocess.run(
        ["git", "ls-files", "--", *(f"{name}/*.py" for name in OURS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    lengths = {name: len((ROOT / name).read_text().splitlines()) for name in files}

    assert lengths, "git lists no modules: is this a checkout?"
    assert {
        name: length
        for name, length in lengths.items()
        if length > LIMIT and "/migrations/" not in name
    } == {}
