"""nginx and Caddy before the real site, with the settings of deploy/."""

from __future__ import annotations

import json
import os
import urllib.request
from http.client import HTTPConnection
from pathlib import Path

import pytest

from dyno.buffering.limits import BODY_AT_MOST
from tests.edge.honest import ask_for, get, send_on
from tests.edge.hostile import LARGE_PATH, attacked
from tests.edge.proxies import PROXIES, find, trusting_nobody
from tests.edge.web import running_web
from weatherapp.pages.client_address import find_address

HUGE = 400 * 1024 * 1024
LIES = {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https", "Host": "localhost"}


@pytest.fixture(scope="module", params=sorted(PROXIES))
def proxy(request, web, tmp_path_factory):
    """Before the site."""
    skip_without(request.param)
    with PROXIES[request.param](tmp_path_factory.mktemp(request.param), web.port) as proxy:
        yield proxy


@pytest.fixture(scope="module", params=sorted(PROXIES))
def told(request, environment, tmp_path_factory):
    """Before an application that says what it was told."""
    skip_without(request.param)
    folder = tmp_path_factory.mktemp("told")
    with (
        running_web(folder, environment, app="tests.edge.headers_app:app") as web,
        PROXIES[request.param](folder, web.port) as proxy,
    ):
        yield proxy


def skip_without(program):
    """Not in CI, where a test that is skipped proves nothing."""
    if not find(program) and not os.environ.get("CI"):
        pytest.skip(f"{program} is not installed: apt-get install {program}")


def ask(proxy, method="GET", **options):
    connection = HTTPConnection("127.0.0.1", proxy.port, timeout=20)
    try:
        connection.request(method, "/", headers=LIES, **options)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def test_the_site_hears_the_clients_address_and_not_what_the_client_says(told):
    heard = ask(told)

    assert heard["HTTP_HOST"] == "localhost"
    assert heard["HTTP_X_FORWARDED_PROTO"] == "http"
    forwarded = heard["HTTP_X_FORWARDED_FOR"]
    assert find_address(heard["REMOTE_ADDR"], forwarded, hops=1) == "127.0.0.1"
    assert "192.0.2.1" not in forwarded


def test_the_largest_body_goes_through_and_to_no_file(told):
    before = set(told.folder.rglob("*"))

    heard = ask(told, "POST", body=b"a" * BODY_AT_MOST)

    assert heard["BODY"] == "a" * BODY_AT_MOST
    assert set(told.folder.rglob("*")) == before


@pytest.mark.parametrize("told", ["nginx"], indirect=True)  # Caddy would ask for a certificate
def test_the_site_hears_of_https(told):
    url = f"https://127.0.0.1:{told.tls_port}/"
    with urllib.request.urlopen(url, timeout=20, context=trusting_nobody()) as answer:
        heard = json.load(answer)

    assert heard["HTTP_X_FORWARDED_PROTO"] == "https"


@pytest.mark.alone
@pytest.mark.parametrize("kind", ["silent", "unfinished head", "slow body", "slow reader"])
def test_an_honest_client_is_answered(proxy, kind):
    with attacked(proxy.port, kind, 100):
        answers = ask_for(1.0, proxy.port, ["/health", "/"])

    for path in ("/health", "/"):
        assert {answer.status for answer in answers[path]} == {200}
        assert sorted(answer.elapsed_s for answer in answers[path])[len(answers[path]) // 2] < 5


def test_a_large_answer_comes_through(proxy, web):
    assert get(proxy.port, LARGE_PATH).body == get(web.port, LARGE_PATH).body


@pytest.mark.parametrize("path", ["/", "/admin/login/"])
def test_four_hundred_mebibytes_are_stored_nowhere(proxy, web, path):
    """nginx reads them on and throws them away, Caddy ends the connection."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {HUGE}\r\n\r\n"
    before = set(proxy.folder.rglob("*"))

    send_on(proxy.port, head.encode(), HUGE)

    assert get(proxy.port, "/health").status == 200
    assert set(proxy.folder.rglob("*")) == before
    assert not list(Path(web.environment["TMPDIR"]).iterdir())
