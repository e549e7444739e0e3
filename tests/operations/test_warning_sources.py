"""What /health and the status page say of the sources of official warnings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import caches

from tests.factories import NOON
from tests.official.feeds import make_source
from tests.pages.markup import words
from weatherapp.health.checks_of_work import check_warning_sources
from weatherapp.health.facts import read_work
from weatherapp.health.findings import Level
from weatherapp.health.heartbeat import is_cycle_good
from weatherapp.models import PollProblem, SourceState
from weatherapp.operations.health import describe_work

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    caches["parts"].clear()


def find():
    return [
        (finding.code, dict(finding.params), finding.level)
        for finding in check_warning_sources(read_work(NOON))
    ]


def test_a_source_that_is_silent_is_told_of_and_stops_no_heartbeat():
    make_source(succeeded_at=NOON - 31 * MINUTE, interval_s=600)
    make_source(key="xx-fresh", succeeded_at=NOON - 29 * MINUTE, interval_s=600)

    params = {"count": 1, "for_long": 31 * MINUTE}
    assert find() == [("warnings_silent", params, Level.DEGRADED)]
    assert is_cycle_good(read_work(NOON))


def test_a_source_that_is_asked_rarely_is_silent_later():
    make_source(succeeded_at=NOON - 170 * MINUTE, interval_s=3600)
    assert find() == []
    make_source(key="xx-late", succeeded_at=NOON - 181 * MINUTE, interval_s=3600)
    assert [code for code, *_ in find()] == ["warnings_silent"]


def test_a_source_that_never_answered_is_told_of_after_some_tries():
    make_source(failures=2, problem=PollProblem.GONE)
    assert find() == []
    make_source(key="xx-never", failures=3, problem=PollProblem.GONE)
    assert find() == [("warnings_never_came", {"count": 1}, Level.DEGRADED)]


def test_what_is_not_on_is_not_missed():
    make_source(state=SourceState.OFF, succeeded_at=NOON - 999 * MINUTE)
    make_source(key="xx-suggested", state=SourceState.SUGGESTED, failures=9)

    assert find() == []
    assert describe_work(read_work(NOON))["warnings"] == {}


def test_programs_read_state_age_and_problem():
    make_source(succeeded_at=NOON - 5 * MINUTE, problem=PollProblem.BUSY, failures=1, in_force=7)

    assert describe_work(read_work(NOON))["warnings"] == {
        "xx-met": {"last_success_age_s": 300.0, "problem": "busy", "failures": 1, "in_force": 7}
    }
    assert describe_work(None)["warnings"] is None


def test_readers_see_issuer_age_and_what_a_failure_means(client):
    make_source(succeeded_at=NOON - 25 * MINUTE, problem=PollProblem.TRUNCATED, failures=1)
    make_source(key="xx-new", issuer="Weather Service of Elsewhere")
    page = words(client.get("/status"))

    assert "Where the official warnings come from" in page
    assert "Met Office of Nowhere last good answer 25 minutes ago (1 January, 11:35 UTC)" in page
    assert "the last poll: the answer was cut off" in page
    assert "what it said before stands, and nothing counts as over" in page
    assert "Weather Service of Elsewhere no good answer yet" in page


def test_without_sources_the_page_says_nothing_of_them(client):
    assert "official warnings" not in words(client.get("/status"))
