"""What a scrape costs, whom it names, and what it says when something does not answer."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import Error as DatabaseError

from dyno.reports import Report, write_report
from tests.factories import make_alert, make_place, make_rule
from tests.operations.metrics import BEARER, TOKEN, scrape, value_of
from weatherapp.operations.metrics import reading
from weatherapp.operations.metrics.catalogue import FAMILIES
from weatherapp.operations.metrics.families import Kind
from weatherapp.operations.metrics.requests import name_view

MOST_QUERIES = 19

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _is_open(settings):
    cache.clear()
    settings.METRICS_TOKEN = TOKEN


def test_processes_are_told_by_type(client, broker):
    write_report(Report("a", "worker", memory_mb=80.0, memory_limit_mb=512.0, up_s=60.0))
    write_report(Report("b", "worker", memory_mb=100.0, memory_limit_mb=512.0, up_s=90.0))
    broker.set("poisoned_count", 3)

    samples = scrape(client)

    def ask(name: str, **labels: str) -> float:
        return value_of(samples, f"weatheralert_{name}", **labels)

    assert ask("redis_up") == 1
    assert ask("processes", process="worker") == 2
    assert ask("process_memory_bytes", process="worker") == 100 * 1024 * 1024
    assert ask("process_memory_limit_bytes", process="worker") == 512 * 1024 * 1024
    assert 90 <= ask("process_uptime_seconds", process="worker") < 120
    assert 0 <= ask("process_report_age_seconds", process="worker") < 30
    assert ask("processes", process="predictor") == 0
    assert ask("process_memory_bytes", process="predictor") is None
    assert ask("messages_rejected") == 3
    assert ask("health_finding", code="process_missing") == 1


def test_without_redis_and_rows_the_rest_is_told_and_nothing_is_zero(client, monkeypatch):
    def fail(*_, **__):
        raise DatabaseError

    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(reading, "read_rows", fail)

    samples = scrape(client)

    assert value_of(samples, "weatheralert_redis_up") == 0
    assert value_of(samples, "weatheralert_database_up") == 0
    assert value_of(samples, "weatheralert_health_status") == 2
    assert value_of(samples, "process_resident_memory_bytes") > 1_000_000
    names = {name for name, _ in samples}
    assert not names & {"weatheralert_places", "weatheralert_processes", "weatheralert_alerts_open"}


def test_a_scrape_asks_the_same_few_questions_however_many_places_there_are(
    client, django_assert_max_num_queries
):
    for number in range(30):
        make_alert(make_rule(make_place(name=f"{number}"), name=f"{number}"))

    with django_assert_max_num_queries(MOST_QUERIES):
        scrape(client)
    with django_assert_max_num_queries(0):  # for who scrapes at the same time
        client.get("/metrics", headers=BEARER)


def test_names_follow_prometheus_conventions():
    names = [family.name for family in FAMILIES]

    assert len(names) == len(set(names))
    for family in FAMILIES:
        assert family.name.startswith(("weatheralert_", "process_"))
        assert family.name.endswith("_total") == (family.kind is Kind.COUNTER)
        assert not family.name.endswith(("_ms", "_mb", "_minutes", "_percent"))
        assert family.help.endswith(".")


def test_labels_have_few_values_whatever_is_asked_for(client, rf):
    make_place(name="Secret place")
    for path in ("/places/1/", "/nothing/here-1", "/nothing/here-2", "/static/a.css", "/admin/"):
        client.get(path)

    samples = scrape(client)

    views = {
        dict(labels)["view"] for name, labels in samples if name.endswith("http_requests_total")
    }
    assert {"place", "none", "static", "admin"} <= views
    assert not any("here" in view or "/" in view for view in views)
    assert "Secret" not in str(samples)
    assert name_view(rf.get("/x")) == "none"
