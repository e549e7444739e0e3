"""When a request is whole, and when there is no use in waiting for the rest."""

from __future__ import annotations

import pytest

from dyno.buffering.limits import BODY_AT_MOST, HEAD_AT_MOST
from dyno.buffering.request import RefusedError, RequestBuffer

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n"


def fill(data, *, piece=0):
    request = RequestBuffer()
    size = piece or max(1, len(data))
    for at in range(0, len(data), size):
        request.add(data[at : at + size])
    return request


@pytest.mark.parametrize("piece", [0, 1, 7])
@pytest.mark.parametrize(
    ("data", "is_whole"),
    [
        pytest.param(b"", False, id="nothing"),
        pytest.param(GET, True, id="no body"),
        pytest.param(GET[:-1], False, id="a byte of the head is missing"),
        pytest.param(b"GET / HTTP/1.0\r\n\r\n", True, id="no headers"),
        pytest.param(b"\r\n" + GET, True, id="an empty line first, as RFC 9112 allows"),
        pytest.param(POST, False, id="no body yet"),
        pytest.param(POST + b"rain", False, id="a byte of the body is missing"),
        pytest.param(POST + b"rain!", True, id="with its body"),
        pytest.param(POST.replace(b" 5", b"\t05 "), False, id="blanks and zeros about a length"),
        pytest.param(POST.replace(b"Content-L", b"cONTENT-l"), False, id="any case"),
        pytest.param(POST.replace(b": 5", b": five"), True, id="no number: gunicorn refuses"),
        pytest.param(POST.replace(b"Host", b"Content-Length: 7\r\nHost"), True, id="two lengths"),
        pytest.param(b"GET / HTTP/1.1\nHost: a\n\n", True, id="bare LF: gunicorn refuses"),
        pytest.param(b"\n", True, id="bare LF at once"),
    ],
)
def test_a_request_is_whole_when_its_last_byte_is_there(data, is_whole, piece):
    assert fill(data, piece=piece).is_whole is is_whole


@pytest.mark.parametrize("piece", [0, 1000])
@pytest.mark.parametrize(
    ("data", "status"),
    [
        pytest.param(POST.replace(b" 5", b" %d" % (BODY_AT_MOST + 1)), 413, id="a byte too many"),
        pytest.param(POST.replace(b" 5", b" " + b"9" * 5000), 413, id="no integer is as large"),
        pytest.param(b"GET / HTTP/1.1\r\nA: " + b"a" * HEAD_AT_MOST, 431, id="no end of the head"),
        pytest.param(
            POST.replace(b"Content-Length: 5", b"Transfer-Encoding: chunked"), 411, id="chunked"
        ),
        pytest.param(
            POST.replace(b"Host", b"transfer-encoding:gzip\r\nHost"), 411, id="any other coding"
        ),
    ],
)
def test_what_will_be_refused_is_refused_before_it_is_here(data, status, piece):
    with pytest.raises(RefusedError) as refused:
        fill(data, piece=piece)

    assert refused.value.status == status


def test_the_largest_body_is_taken():
    request = fill(POST.replace(b" 5", b" %d" % BODY_AT_MOST))
    request.add(bytes(BODY_AT_MOST))

    assert request.is_whole


def test_what_comes_behind_a_request_is_the_next_one():
    request = fill(POST + b"rain!" + GET + GET[:9])

    assert request.read(10_000) == POST + b"rain!"
    assert request.read(10_000) == b""
    request.begin_next()
    assert request.read(10) + request.read(10_000) == GET
    request.begin_next()
    assert not request.is_whole
    request.add(GET[9:])
    assert request.read(10_000) == GET


@pytest.mark.parametrize(
    ("header", "wants_continue"),
    [
        pytest.param(b"Expect: 100-continue", True, id="said"),
        pytest.param(b"expect:100-Continue ", True, id="said otherwise"),
        pytest.param(b"Expect: miracles", False, id="something else"),
    ],
)
def test_a_client_that_waits_for_leave_is_noticed(header, wants_continue):
    request = fill(POST.replace(b"Host: localhost", header))

    assert request.wants_continue is wants_continue


def test_nobody_needs_leave_to_send_nothing():
    assert not fill(GET.replace(b"Host: localhost", b"Expect: 100-continue")).wants_continue


@pytest.mark.parametrize(
    ("line", "is_for_api"),
    [
        pytest.param(b"POST /api/v1/places/1/predictions", True, id="api"),
        pytest.param(b"POST /admin/", False, id="page"),
        pytest.param(b"GET /?next= /api/", False, id="elsewhere in the line"),
    ],
)
def test_programs_are_told_from_people(line, is_for_api):
    assert fill(line + b" HTTP/1.1\r\n").is_for_api is is_for_api
