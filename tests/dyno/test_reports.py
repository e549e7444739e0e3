"""What processes report to Redis."""

from __future__ import annotations

import json
import logging
import time
from dataclasses import replace

import pytest
import redis

from dyno import reports
from dyno.reports import KEY, ReportError, parse_report, read_reports
from tests.reports import make_report, store_report

NOW_S = 1_800_000_000.0
# As a process of November 2026 wrote it.
OLDER = (
    '{"instance": "beat@a:1", "process_type": "beat", "pid": 1, "memory_mb": 40.1, '
    '"memory_limit_mb": 512.0, "reported_at_s": 1800000000.0}'
)


@pytest.fixture
def client(redis_server, redis_url):
    with redis.Redis(port=redis_server.port) as client:
        yield client


@pytest.mark.parametrize(
    ("age_s", "is_silent"),
    [
        pytest.param(0, False, id="now"),
        pytest.param(180, False, id="three missed"),
        pytest.param(181, True, id="more"),
        pytest.param(-30, True, id="from the future: nobody knows"),
    ],
)
def test_three_minutes_without_a_report_are_silence(age_s, is_silent):
    report = make_report(reported_at_s=NOW_S - age_s)

    assert report.is_silent(NOW_S) is is_silent


def test_a_report_without_a_time_is_no_sign_of_life():
    report = make_report()

    assert report.age_s(NOW_S) is None
    assert report.is_silent(NOW_S)


def test_a_report_is_read_as_it_was_written_with_the_time_of_redis(client):
    report = make_report(memory_mb=None)

    reports.write_report(report)

    (found,) = read_reports(client)
    assert replace(found, reported_at_s=None, clock_ahead_s=0.0) == report
    assert 0 <= found.age_s(reports.read_time_s(client)) < 60


@pytest.mark.parametrize("ahead_s", [600, -600])
def test_a_process_whose_clock_is_wrong_says_by_how_much_and_is_no_less_alive(
    client, monkeypatch, ahead_s
):
    real = time.time
    monkeypatch.setattr(reports.time, "time", lambda: real() + ahead_s)

    reports.write_report(make_report())

    (found,) = read_reports(client)
    assert found.clock_ahead_s == pytest.approx(ahead_s, abs=30)
    assert not found.is_silent(reports.read_time_s(client))


def test_a_process_has_one_report_the_last(client):
    reports.write_report(make_report(memory_mb=80.0))
    reports.write_report(make_report(memory_mb=90.0))

    assert [report.memory_mb for report in read_reports(client)] == [90.0]


def test_a_new_process_takes_the_place_of_a_silent_one_of_its_type(client):
    store_report(client, "worker", age_s=190)
    store_report(client, "beat", age_s=190)
    store_report(client, "worker", instance="worker@b:3", age_s=100)

    reports.write_report(make_report(instance="worker@b:4"))

    assert {report.instance for report in read_reports(client)} == {
        "beat@a:1", "worker@b:3", "worker@b:4",
    }  # fmt: skip


def test_a_process_that_stops_in_order_is_gone(client):
    reports.write_report(make_report())

    reports.remove_report("worker@a:1")

    assert read_reports(client) == []


def test_reports_do_not_outlive_the_site_for_ever(client):
    reports.write_report(make_report())

    assert 0 < client.ttl(reports.KEY) <= reports.KEEP_S


def test_a_report_leaves_no_connection_open(client):
    client.ping()

    reports.write_report(make_report())

    assert len(client.client_list()) == 1


# Reports of other versions, and what is none


def test_a_report_of_the_version_before_is_read():
    report = parse_report(OLDER)

    assert (report.process_type, report.memory_mb, report.clock_ahead_s) == ("beat", 40.1, None)


def test_a_field_that_is_not_known_is_ignored_and_one_that_is_missing_is_unknown():
    report = parse_report('{"instance": "x", "process_type": "beat", "swap_mb": 3, "pid": null}')

    assert (report.process_type, report.pid, report.memory_limit_mb) == ("beat", None, None)


BROKEN = [
    pytest.param(b"\xff\xfe", id="no text"),
    pytest.param("", id="empty"),
    pytest.param("5", id="a number"),
    pytest.param("[1, 2, 3]", id="a list"),
    pytest.param("{}", id="nobody's"),
    pytest.param('{"instance": "x", "process_type": 5}', id="a type that is no text"),
    pytest.param('{"instance": "x", "process_type": "beat", "pid": "1"}', id="a number as text"),
    pytest.param('{"instance": "x", "process_type": "beat", "pid": true}', id="yes as a number"),
    pytest.param('{"instance": "x", "process_type": "beat", "memory_mb": NaN}', id="NaN"),
    pytest.param(
        '{"instance": "x", "process_type": "beat", "memory_mb": 1' + "0" * 400 + "}", id="huge"
    ),
]


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_report_is_an_error_with_a_name(text):
    with pytest.raises(ReportError):
        parse_report(text)


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_no_report_is_left_out_named_once_and_thrown_away(client, caplog, text):
    store_report(client, "web")
    client.hset(KEY, "worker@old:7", text)

    reports.write_report(make_report("beat"))

    found = {report.process_type for report in read_reports(client)}
    assert found == {"web", "beat"}
    (named,) = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert "worker@old:7" in named.getMessage()


def test_what_is_written_is_json_that_says_what_each_number_is(client):
    reports.write_report(make_report())

    (text,) = client.hvals(KEY)
    assert json.loads(text).keys() == {
        "instance", "process_type", "pid", "memory_mb", "memory_limit_mb", "reported_at_s",
        "clock_ahead_s",
        "up_s",
    }  # fmt: skip
