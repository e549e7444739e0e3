"""Bodies that are too large: refused at once, whatever the address, and stored nowhere."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from dyno.buffering.limits import BODY_AT_MOST
from tests.edge.honest import get, send_on, talk
from tests.edge.web import running_web

MIB = 1024 * 1024
HUGE = 400 * MIB
BOUNDARY = "weather"
FORM = f"multipart/form-data; boundary={BOUNDARY}"


def head(path, *lines):
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()


def make_upload(size):
    """A file in a form."""
    begin = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'
    return begin.encode() + bytes(size) + f"\r\n--{BOUNDARY}--\r\n".encode()


@pytest.fixture
def temporary(environment):
    """The web process's folder for temporary files, before and after."""
    folder = Path(environment["TMPDIR"])
    before = folder.stat().st_mtime_ns
    yield folder
    assert folder.stat().st_mtime_ns == before  # nothing was even created and removed
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("path", ["/", "/admin/login/", "/admin/", "/static/x", "/no-such-page"])
@pytest.mark.parametrize(
    ("lines", "status"),
    [
        pytest.param([f"Content-Length: {HUGE}"], 413, id="announced"),
        pytest.param([f"Content-Length: {BODY_AT_MOST + 1}"], 413, id="a byte too many"),
        pytest.param(["Transfer-Encoding: chunked"], 411, id="chunked"),
        pytest.param(
            [f"Content-Length: {HUGE}", "Expect: 100-continue"], 413, id="asks for leave first"
        ),
        pytest.param([f"Content-Type: {FORM}", f"Content-Length: {HUGE}"], 413, id="upload"),
    ],
)
def test_a_large_body_is_refused_before_it_is_sent(web, temporary, path, lines, status):
    heard = talk(web.port, head(path, *lines))

    answer, body = heard.split(b"\r\n\r\n", 1)
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert b"Connection: close" in answer
    assert body.decode().count("\n") == 1


def test_programs_are_refused_in_json(web):
    sent = head("/api/v1/places/1/predictions", f"Content-Length: {HUGE}")

    answer, body = talk(web.port, sent).split(b"\r\n\r\n", 1)

    assert b"Content-Type: application/problem+json" in answer
    assert json.loads(body) == {
        "type": "about:blank",
        "title": "Content Too Large",
        "status": 413,
        "code": "too_large",
        "detail": "The body of a request may have 256 kB at most.",
    }


@pytest.mark.parametrize("framing", [f"Content-Length: {HUGE}", "Transfer-Encoding: chunked"])
def test_four_hundred_mebibytes_are_not_read_on(web, temporary, framing):
    """The client sends whatever it hears; the server has soon ended the connection."""
    sent = send_on(web.port, head("/admin/login/", framing, f"Content-Type: {FORM}"), HUGE)

    assert sent < 40 * MIB  # what the two kernels hold, and what is thrown away
    assert get(web.port, "/health").status == 200


def test_a_file_that_is_small_enough_to_come_in_is_refused_by_the_site(web, temporary):
    upload = make_upload(200_000)
    cookie = f"Cookie: csrftoken={'a' * 32}"  # with one, Django looks for the form's token
    sent = head("/admin/login/", cookie, f"Content-Type: {FORM}", f"Content-Length: {len(upload)}")

    with socket.create_connection(("127.0.0.1", web.port), timeout=20) as one:
        one.sendall(sent + upload)
        answer = one.recv(100)

    assert answer.startswith(b"HTTP/1.1 400 ")


def test_a_body_longer_than_announced_is_no_part_of_the_request(web, temporary):
    """What follows is read as a next request, which it is not."""
    heard = talk(web.port, head("/admin/login/", "Content-Length: 3") + b"a=b" + bytes(MIB))

    assert heard.startswith(b"HTTP/1.1 403 ")
    assert heard.count(b"HTTP/1.1 ") == 2
    assert b"HTTP/1.1 431 " in heard


@pytest.mark.alone
def test_bodies_that_are_taken_do_not_fill_the_memory(environment, tmp_path):
    """Two hundred of the largest size, without their last byte."""
    sent = head("/admin/login/", f"Content-Length: {BODY_AT_MOST}") + bytes(BODY_AT_MOST - 1)
    with running_web(tmp_path, environment) as web:
        before_mb = web.pss_mb()
        open_ones = []
        for _ in range(200):
            one = socket.create_connection(("127.0.0.1", web.port), timeout=20)
            one.setblocking(False)
            open_ones.append((one, memoryview(sent)))
        for _ in range(40):
            open_ones = [(one, rest[push(one, rest) :]) for one, rest in open_ones]
            assert get(web.port, "/health").status == 200
        after_mb = web.pss_mb()
        for one, _ in open_ones:
            one.close()

    assert after_mb < before_mb + 20  # and not 50


def push(one, rest):
    try:
        return one.send(rest) if rest else 0
    except OSError:
        return len(rest)
