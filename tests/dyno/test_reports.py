"""What processes report to Redis."""

from __future__ import annotations

import pytest
import redis

from dyno import reports
from dyno.reports import Report

NOW_S = 1_800_000_000.0


def make_report(instance="worker@a:1", process_type="worker", **fields) -> Report:
    defaults = {"pid": 1, "memory_mb": 80.0, "memory_limit_mb": 512.0, "reported_at_s": NOW_S}
    return Report(instance=instance, process_type=process_type, **defaults | fields)


@pytest.fixture
def client(redis_server, redis_url):
    with redis.Redis(port=redis_server.port) as client:
        yield client


@pytest.mark.parametrize(
    ("age_s", "is_silent"), [(0, False), (180, False), (181, True), (-30, False)]
)
def test_three_minutes_without_a_report_are_silence(age_s, is_silent):
    report = make_report(reported_at_s=NOW_S - age_s)

    assert report.is_silent(NOW_S) is is_silent


def test_a_report_is_read_as_it_was_written(client):
    report = make_report(memory_mb=None)

    reports.write_report(report)

    assert reports.read_reports(client) == [report]


def test_a_process_has_one_report_the_last(client):
    reports.write_report(make_report(memory_mb=80.0))
    reports.write_report(make_report(memory_mb=90.0))

    assert [report.memory_mb for report in reports.read_reports(client)] == [90.0]


def test_a_new_process_takes_the_place_of_a_silent_one_of_its_type(client):
    silent = {"reported_at_s": NOW_S - 181}
    reports.write_report(make_report("worker@a:1", **silent))
    reports.write_report(make_report("beat@a:2", "beat", **silent))
    reports.write_report(make_report("worker@b:3", reported_at_s=NOW_S - 179))

    reports.write_report(make_report("worker@b:4"))

    assert {report.instance for report in reports.read_reports(client)} == {
        "beat@a:2", "worker@b:3", "worker@b:4",
    }  # fmt: skip


def test_a_process_that_stops_in_order_is_gone(client):
    reports.write_report(make_report())

    reports.remove_report("worker@a:1")

    assert reports.read_reports(client) == []


def test_reports_do_not_outlive_the_site_for_ever(client):
    reports.write_report(make_report())

    assert 0 < client.ttl(reports.KEY) <= reports.KEEP_S


def test_a_report_leaves_no_connection_open(client):
    client.ping()

    reports.write_report(make_report())

    assert len(client.client_list()) == 1
