"""Who may read /metrics, and in which form."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from django.core.cache import cache

from tests.operations.metrics import BEARER, OPEN_METRICS, TOKEN, parse
from weatheralert import mistakes, watching

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_other_scrape():
    cache.clear()


def ask(client, **more) -> int:
    status: int = client.get("/metrics", **more).status_code
    return status


def test_without_a_setting_there_is_no_such_page(client):
    assert ask(client) == 404
    assert ask(client, headers=BEARER) == 404
    assert ask(client, REMOTE_ADDR="127.0.0.1") == 404


@pytest.mark.parametrize(
    ("authorization", "status"),
    [
        pytest.param(f"Bearer {TOKEN}", 200, id="the token"),
        pytest.param(f"bearer  {TOKEN}", 200, id="another way to write it"),
        pytest.param("", 401, id="nothing"),
        pytest.param("Bearer", 401, id="no token"),
        pytest.param("Bearer ", 401, id="an empty token"),
        pytest.param(f"Bearer {TOKEN[:-1]}", 401, id="nearly"),
        pytest.param(f"Bearer {TOKEN}x", 401, id="more than it"),
        pytest.param(f"Basic {TOKEN}", 401, id="another scheme"),
        pytest.param(TOKEN, 401, id="no scheme"),
        pytest.param("Bearer é" + TOKEN, 401, id="no ASCII"),
    ],
)
def test_with_a_token_who_knows_it_reads(client, settings, authorization, status):
    settings.METRICS_TOKEN = TOKEN

    answer = client.get("/metrics", headers={"Authorization": authorization})

    assert answer.status_code == status
    assert (status == 401) == (answer.get("WWW-Authenticate") == 'Bearer realm="metrics"')
    assert TOKEN not in answer.content.decode()


@pytest.mark.parametrize(
    ("remote", "status"),
    [
        ("10.1.2.3", 200),
        ("::ffff:10.1.2.3", 200),
        ("fd00::7", 200),
        ("11.1.2.3", 404),
        ("fd01::7", 404),
        ("", 404),
        ("unix:", 404),
    ],
)
def test_with_networks_who_comes_from_one_reads(client, settings, remote, status):
    settings.METRICS_NETWORKS = [ip_network("10.0.0.0/8"), ip_network("fd00::/16")]

    assert ask(client, REMOTE_ADDR=remote) == status


def test_who_comes_by_a_proxy_is_who_the_proxy_saw(client, settings):
    settings.METRICS_NETWORKS = [ip_network("10.0.0.0/8")]
    settings.PROXY_HOPS = 1
    inside = {"REMOTE_ADDR": "10.0.0.1"}

    assert ask(client, headers={"X-Forwarded-For": "10.9.9.9, 198.51.100.7"}, **inside) == 404
    assert ask(client, headers={"X-Forwarded-For": "198.51.100.7, 10.9.9.9"}, **inside) == 200


def test_with_both_both_are_asked_for(client, settings):
    settings.METRICS_TOKEN = TOKEN
    settings.METRICS_NETWORKS = [ip_network("10.0.0.0/8")]

    assert ask(client, REMOTE_ADDR="10.0.0.1", headers=BEARER) == 200
    assert ask(client, REMOTE_ADDR="10.0.0.1") == 401
    assert ask(client, REMOTE_ADDR="11.0.0.1", headers=BEARER) == 404


@pytest.mark.parametrize(
    ("accept", "is_open_metrics"),
    [
        pytest.param("", False, id="says nothing"),
        pytest.param("*/*", False, id="takes anything"),
        pytest.param("text/plain;version=0.0.4", False, id="the older form"),
        pytest.param(OPEN_METRICS, True, id="prefers OpenMetrics"),
        pytest.param(
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
            "application/openmetrics-text;version=0.0.1;q=0.5,"
            "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;q=0.3,*/*;q=0.2",
            True,
            id="Prometheus 3",
        ),
        pytest.param("application/openmetrics-text;q=0.1,text/plain", False, id="rather the older"),
    ],
)
def test_the_form_is_chosen_by_who_asks(client, settings, accept, is_open_metrics):
    settings.METRICS_TOKEN = TOKEN

    answer = client.get("/metrics", headers=BEARER | ({"Accept": accept} if accept else {}))

    kind = "application/openmetrics-text; version=1.0.0" if is_open_metrics else "text/plain"
    assert answer["Content-Type"].startswith(kind)
    assert "Accept" in answer["Vary"]
    assert "no-store" in answer["Cache-Control"]
    assert parse(answer.content.decode(), is_open_metrics=is_open_metrics)


def test_only_reading_is_possible(client, settings):
    settings.METRICS_TOKEN = TOKEN

    assert client.post("/metrics", headers=BEARER).status_code == 405
    assert client.head("/metrics", headers=BEARER).status_code == 200


def test_it_answers_to_every_name_of_the_machine(client, settings):
    settings.METRICS_TOKEN = TOKEN

    assert ask(client, headers=BEARER | {"Host": "web-1.internal:8000"}) == 200


def test_networks_are_read_from_the_environment_and_what_is_none_is_told(monkeypatch):
    found: list[mistakes.Mistake] = []
    monkeypatch.setattr(mistakes, "MISTAKES", found)
    monkeypatch.setenv("METRICS_NETWORKS", "127.0.0.1, 10.0.0.7/8, fd00::/8, office, 10.0.0.0/99")

    networks = watching.read_networks()

    assert list(map(str, networks)) == ["127.0.0.1/32", "10.0.0.0/8", "fd00::/8"]
    assert [mistake.id for mistake in found] == ["weatheralert.E010"] * 2
    assert "'office'" in found[0].text


@pytest.mark.parametrize(("token", "mistaken"), [("", 0), ("x" * 16, 0), ("x" * 15, 1)])
def test_a_token_that_can_be_guessed_is_told_and_not_shown(monkeypatch, token, mistaken):
    found: list[mistakes.Mistake] = []
    monkeypatch.setattr(mistakes, "MISTAKES", found)
    monkeypatch.setenv("METRICS_TOKEN", token)

    assert watching.read_token() == token
    assert [mistake.id for mistake in found] == ["weatheralert.E011"] * mistaken
    assert all("xxx" not in mistake.text for mistake in found)
