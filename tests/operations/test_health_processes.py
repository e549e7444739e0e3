"""How /health describes and judges the processes, from their reports."""

from __future__ import annotations

import pytest

from dyno.reports import Report
from tests import reports
from weatherapp.health.findings import Level
from weatherapp.health.processes import check_processes, describe_processes

NOW_S = 1_800_000_000.0


def make_report(process_type="worker", *, age_s=30.0, **fields) -> Report:
    return reports.make_report(process_type, **({"reported_at_s": NOW_S - age_s} | fields))


ALL = [make_report(name) for name in ("web", "worker", "beat", "predictor")]


def describe(*reports: Report):
    return describe_processes(reports, now_s=NOW_S)


def find(*reports: Report) -> list[tuple[str, object]]:
    """Code and process type of what is found."""
    found = check_processes(describe(*reports), reports, now_s=NOW_S)
    assert all(finding.level == Level.DEGRADED for finding in found)
    return [
        (finding.code, finding.params.get("process", finding.params.get("ahead")))
        for finding in found
    ]


def test_a_process_that_reports_is_ok():
    worker = describe(make_report(memory_mb=128.04))["worker"]

    assert worker == {
        "status": "ok",
        "count": 1,
        "last_report_age_s": 30.0,
        "pid": 1,
        "clock_ahead_s": 0.0,
        "up_s": 3630.0,  # it reported half a minute ago
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


def test_a_report_from_the_future_is_no_sign_of_life():
    beat = describe(make_report("beat", age_s=-3600))["beat"]

    assert beat == {"status": "silent", "count": 0, "last_report_age_s": None}


def test_the_fullest_of_several_speaks_for_all_and_silent_ones_are_not_counted():
    worker = describe(
        make_report(age_s=10, pid=1, memory_mb=90.0),
        make_report(age_s=40, pid=2, memory_mb=600.0),
        make_report(age_s=300, pid=3, memory_mb=700.0),
    )["worker"]

    assert (worker["count"], worker["pid"], worker["within_limit"]) == (2, 2, False)
    assert worker["last_report_age_s"] == 10


@pytest.mark.parametrize("missing", ["memory_mb", "memory_limit_mb"])
def test_what_a_report_does_not_say_is_unknown_not_zero(missing):
    beat = describe(make_report("beat", **{missing: None}))["beat"]

    assert (beat["status"], beat["within_limit"]) == ("ok", True)
    assert (beat[missing], beat["percent_of_limit"]) == (None, None)


@pytest.mark.parametrize(
    ("reports", "found"),
    [
        pytest.param(ALL, [], id="all report"),
        pytest.param(ALL[1:], [("process_missing", "web")], id="one never reported"),
        pytest.param(
            [*ALL[1:], make_report("web", age_s=200)], [("process_silent", "web")], id="silent"
        ),
        pytest.param(
            [*ALL, make_report(memory_mb=513.0)], [("process_memory", "worker")], id="too full"
        ),
        pytest.param([*ALL, make_report(age_s=900, memory_mb=900.0)], [], id="a dead one"),
        pytest.param(
            [*ALL[:2], *ALL[3:], make_report("beat", clock_ahead_s=121.0)],
            [("clocks_differ", "beat")],
            id="a clock is ahead",
        ),
        pytest.param(
            [*ALL[1:], make_report("web", clock_ahead_s=-119.0)], [], id="clocks differ a little"
        ),
        pytest.param(
            [make_report(name, clock_ahead_s=7200.0) for name in ("web", "worker", "beat")]
            + [make_report("predictor", clock_ahead_s=7201.0)],
            [],
            id="only Redis's clock is wrong",
        ),
        pytest.param(
            [*ALL, make_report(age_s=900, clock_ahead_s=900.0)], [], id="a dead one's clock"
        ),
        pytest.param(
            [*ALL[1:], make_report("web", clock_ahead_s=None)], [], id="a clock is not known"
        ),
    ],
)
def test_what_is_wrong_with_processes_is_named(reports, found):
    assert find(*reports) == found
