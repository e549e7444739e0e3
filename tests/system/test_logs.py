"""The web process's log after requests with secrets in all places, and with forged lines."""

from __future__ import annotations

import http.client
import json
import re
import socket
from urllib.parse import quote

import pytest
from django.core import signing

from tests.system.site import Site, wait_for

KEY = "tests-only"
FORGED = "2026-01-01 00:00:00,000 INFO web[1] weatherapp: all is well"
ADDRESS = "somebody@example.org"
# Signed as links in mails are, so that a log that shows one gives it away.
TOKENS = [
    signing.Signer(key=KEY, salt="weatherapp.delivery.subscription").sign("1"),
    signing.TimestampSigner(key=KEY, salt="weatherapp.delivery.subscription").sign("1:nonce"),
]
PATHS = [
    path.format(token=written)
    for token in TOKENS
    for written in (token, quote(token, safe=""))
    for path in (
        "/subscriptions/{token}/confirm",
        "/subscriptions/{token}/unsubscribe?again={token}",
        "/subscriptions/{token}/no-such-page",
        "/subscriptions/{token}",
        "/elsewhere/{token}/",
        "/elsewhere/?token={token}",
    )
]


@pytest.fixture(scope="module", params=["line", "json"])
def log(request, tmp_path_factory):
    """What was logged, whole: after the processes have ended nothing more comes."""
    folder = tmp_path_factory.mktemp("logs")
    site = Site(folder, LOG_LEVEL="DEBUG", LOG_FORMAT=request.param, SECRET_KEY=KEY)
    with site.running("worker", "beat", "predictor", "demo"):
        for path in PATHS:
            ask(site, "GET", path)
            ask(site, "POST", path)  # no cookie, no token of the form: 403
        ask(site, "GET", f"/{quote(chr(10) + FORGED + chr(0x2028) + ADDRESS)}")
        ask(site, "GET", "/", Host=f"evil{FORGED.replace(' ', '')}.example")
        ask(site, "GET", "/", **{"X-Request-ID": f"{FORGED}"})
        send_raw(site, b"GET /" + b"x" * 200 + f"?token={TOKENS[0]} HTTP/9.9\r\n\r\n".encode())
        send_raw(site, f"GET / HTTP/1.1\r\nHost: x\r\n{TOKENS[0]}\r\n\r\n".encode())
        last = f"/the-last-one-{'y' * 3000}"
        ask(site, "GET", last)
        wait_for("the last line", lambda: "the-last-one" in site.log_path.read_text())
    return site.log_path.read_text()


def ask(site, method, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
    connection.request(method, path, headers=headers)
    connection.getresponse().read()
    connection.close()


def send_raw(site, data):
    with socket.create_connection(("127.0.0.1", site.port), timeout=60) as connection:
        connection.sendall(data)
        while connection.recv(65536):
            pass


def test_the_requests_were_logged_as_refused_and_not_found(log):
    assert re.search(r"Not Found: /subscriptions/\[hidden\]/no-such-page", log)
    assert re.search(r"Forbidden \(.*\): /subscriptions/\[hidden\]/confirm", log)
    assert "Not Found: /elsewhere/[hidden]/" in log


@pytest.mark.parametrize("token", TOKENS, ids=["signed", "signed with a time"])
def test_no_token_is_in_it_whole_or_in_part(log, token):
    signature = token.rpartition(":")[2]

    assert token not in log
    assert signature not in log
    assert quote(token, safe="") not in log


def test_no_address_is_in_it(log):
    assert ADDRESS not in log


def test_nobody_forged_a_line(log):
    """The runner writes the process's name before each line."""
    lines = [line.partition("| ")[2] for line in log.splitlines() if "| " in line]

    assert not any(line.startswith(FORGED) for line in lines)
    assert any(FORGED in line for line in lines)


def test_the_long_path_is_cut(log):
    assert "(cut, " in log
    assert "y" * 2500 not in log


def test_in_json_every_line_of_the_web_process_is_an_object(log):
    lines = [line for line in log.splitlines() if "Not Found" in line]
    assert lines
    if "{" in lines[0]:
        assert all("/" in json.loads(line[line.index("{") :])["message"] for line in lines)
    else:
        assert all(
            re.search(r" WARNING web\[\d+\] django\.request: Not Found: /", x) for x in lines
        )
