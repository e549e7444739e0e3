"""How /health describes the processes, from their reports."""

from __future__ import annotations

import pytest

from dyno.reports import Report
from weatherapp.operations.processes import describe_processes, is_well

NOW_S = 1_800_000_000.0


def make_report(process_type="worker", *, age_s=30.0, **fields) -> Report:
    defaults = {"instance": f"{process_type}@a:1", "pid": 1, "memory_mb": 80.0}
    return Report(
        process_type=process_type,
        memory_limit_mb=512.0,
        reported_at_s=NOW_S - age_s,
        **defaults | fields,
    )


ALL = [make_report(name) for name in ("web", "worker", "beat", "predictor")]


def describe(*reports: Report):
    return describe_processes(reports, now_s=NOW_S)


def test_a_process_that_reports_is_ok():
    worker = describe(make_report(memory_mb=128.04))["worker"]

    assert worker == {
        "status": "ok",
        "count": 1,
        "last_report_age_s": 30.0,
        "pid": 1,
        "memory_mb": 128.0,
        "memory_limit_mb": 512.0,
        "within_limit": True,
        "percent_of_limit": 25.0,
    }


def test_every_process_of_the_procfile_is_named_also_without_a_report():
    described = describe()

    assert described == {
        name: {"status": "silent", "count": 0, "last_report_age_s": None}
        for name in ("web", "worker", "beat", "predictor")
    }


def test_a_process_is_silent_after_three_minutes():
    beat = describe(make_report("beat", age_s=200))["beat"]

    assert beat == {"status": "silent", "count": 0, "last_report_age_s": 200.0}


def test_the_fullest_of_several_speaks_for_all_and_silent_ones_are_not_counted():
    worker = describe(
        make_report(age_s=10, pid=1, memory_mb=90.0),
        make_report(age_s=40, pid=2, memory_mb=600.0),
        make_report(age_s=300, pid=3, memory_mb=700.0),
    )["worker"]

    assert (worker["count"], worker["pid"], worker["within_limit"]) == (2, 2, False)
    assert worker["last_report_age_s"] == 10


def test_memory_of_a_part_is_unknown_not_zero():
    beat = describe(make_report("beat", memory_mb=None))["beat"]

    assert beat["status"] == "ok"
    assert (beat["memory_mb"], beat["percent_of_limit"]) == (None, None)


@pytest.mark.parametrize(
    ("reports", "expected"),
    [
        pytest.param(ALL, True, id="all report"),
        pytest.param(ALL[1:], False, id="one is silent"),
        pytest.param([*ALL, make_report(memory_mb=513.0)], False, id="one is over its limit"),
        pytest.param([*ALL, make_report(age_s=900, memory_mb=900.0)], True, id="an old one"),
    ],
)
def test_all_is_well_when_all_report_and_fit(reports, expected):
    assert is_well(describe(*reports)) is expected
