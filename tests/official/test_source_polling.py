"""A poll brings a new body, or nothing new, or a failure with a name; never a quiet day by mistake."""

from __future__ import annotations

import gzip
import hashlib
from datetime import timedelta

import pytest

from tests.factories import NOON
from tests.net.servers import drip, say, serve
from tests.official.feeds import FEED, MINUTE, Taker, make_source, poll, respond
from weatherapp.models import PollProblem, SourceKind
from weatherapp.net.client import Bounds
from weatherapp.official import fetching

pytestmark = pytest.mark.django_db
OK = b"HTTP/1.1 200 OK\r\n"
BOMB = gzip.compress(b"<" + bytes(20_000_000))
LATIN_1 = '<?xml version="1.0" encoding="utf-8"?><feed>Rafales à 100 km/h</feed>'.encode("latin-1")


@pytest.fixture
def impatient(monkeypatch):
    """Its own bounds, with less time."""

    def make(silence_s=0.0, total_s=0.0, **others):
        return Bounds(silence_s=0.3, total_s=0.6, **others)

    monkeypatch.setattr(fetching, "Bounds", make)


def headers_of(httpserver):
    return httpserver.log[-1][0].headers


def test_a_new_body_is_taken_and_its_hash_size_and_time_are_kept(feed, httpserver):
    respond(httpserver, headers={"ETag": '"1"', "Last-Modified": "Thu, 01 Jan 2026 11:00:00 GMT"})
    taker = Taker()
    source = poll(feed(), take=taker)

    assert taker.got == [(source.address, FEED)]
    assert (source.succeeded_at, source.body_at, source.body_bytes) == (NOON, NOON, len(FEED))
    assert source.body_sha256 == hashlib.sha256(FEED).hexdigest()
    assert (source.problem, source.failures, source.claimed_until) == ("", 0, None)
    assert (source.etag, source.last_modified) == ('"1"', "Thu, 01 Jan 2026 11:00:00 GMT")
    assert timedelta(minutes=9) <= source.next_poll_at - NOON <= timedelta(minutes=11)


def test_the_authority_is_told_who_asks(feed, httpserver, settings):
    settings.SITE_URL, settings.CONTACT_EMAIL = "https://alerts.example.org", "me@example.org"
    respond(httpserver)
    poll(feed())

    agent = headers_of(httpserver)["User-Agent"]
    assert agent == "weatheralert (+https://alerts.example.org; me@example.org)"


def test_what_has_not_changed_is_not_taken_again_and_counts_as_success(feed, httpserver):
    respond(httpserver, headers={"ETag": '"1"'})
    source = poll(feed())
    respond(httpserver, b"", status=304)
    taker = Taker()
    source = poll(source, now=NOON + 10 * MINUTE, take=taker)

    assert headers_of(httpserver)["If-None-Match"] == '"1"'
    assert taker.got == []
    assert (source.succeeded_at, source.body_at) == (NOON + 10 * MINUTE, NOON)


def test_a_server_without_marks_that_says_the_same_is_not_read_again(feed, httpserver):
    respond(httpserver)
    source = poll(feed())
    taker = Taker()
    source = poll(source, now=NOON + 10 * MINUTE, take=taker)

    assert taker.got == []
    assert source.succeeded_at == NOON + 10 * MINUTE


def test_nothing_has_changed_is_no_answer_to_who_knows_nothing(feed, httpserver):
    respond(httpserver, b"", status=304)

    assert poll(feed()).problem == PollProblem.ODD_STATUS


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        pytest.param({"status": 500}, PollProblem.SERVER_ERROR, id="500"),
        pytest.param({"status": 503}, PollProblem.SERVER_ERROR, id="503"),
        pytest.param({"status": 403}, PollProblem.REFUSED, id="403"),
        pytest.param({"status": 404}, PollProblem.GONE, id="404"),
        pytest.param({"status": 429}, PollProblem.BUSY, id="429"),
        pytest.param({"status": 204, "body": b""}, PollProblem.ODD_STATUS, id="204"),
        pytest.param({"body": b""}, PollProblem.EMPTY, id="nothing"),
        pytest.param({"body": b"Bad gateway"}, PollProblem.NOT_READ, id="words"),
        pytest.param(
            {"body": b"\n<!DOCTYPE html><html>Sorry</html>"}, PollProblem.NOT_READ, id="a page"
        ),
        pytest.param(
            {"body": b'{"status": 500}', "content_type": "application/problem+json"},
            PollProblem.NOT_READ,
            id="a problem with status 200",
        ),
        pytest.param({"body": bytes(1_000_001)}, PollProblem.TOO_LARGE, id="oversized"),
        pytest.param(
            {"body": BOMB, "headers": {"Content-Encoding": "gzip"}},
            PollProblem.TOO_LARGE,
            id="a gzip bomb",
        ),
        pytest.param(
            {"body": gzip.compress(FEED)[:-9], "headers": {"Content-Encoding": "gzip"}},
            PollProblem.TRUNCATED,
            id="gzip cut off",
        ),
        pytest.param(
            {"body": b"\x1f\x8b" + bytes(50), "headers": {"Content-Encoding": "gzip"}},
            PollProblem.GARBLED,
            id="broken gzip",
        ),
        pytest.param(
            {"status": 302, "headers": {"Location": "http://169.254.169.254/keys"}},
            PollProblem.FORBIDDEN,
            id="a redirect to the inside",
        ),
    ],
)
def test_a_failure_has_a_name_and_leaves_what_is_known(feed, httpserver, answer, problem):
    respond(httpserver, headers={"ETag": '"1"'})
    known = poll(feed(most_mb=1))
    respond(httpserver, **({"body": FEED} | answer))
    source = poll(known, now=NOON + 10 * MINUTE)

    assert (source.problem, source.failures) == (problem, 1)
    assert source.problem_words
    assert (source.succeeded_at, source.etag, source.body_sha256) == (
        NOON,
        '"1"',
        known.body_sha256,
    )
    assert source.failed_at == NOON + 10 * MINUTE
    assert source.next_poll_at > NOON + 10 * MINUTE


@pytest.mark.parametrize(
    ("talk", "problem"),
    [
        pytest.param(
            say(OK + b"Content-Length: 900\r\n\r\n<feed"), PollProblem.TRUNCATED, id="truncated"
        ),
        pytest.param(
            say(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<feed\r\n"),
            PollProblem.TRUNCATED,
            id="truncated in chunks",
        ),
        pytest.param(drip(OK + b"\r\n<feed>", b" "), PollProblem.TOO_SLOW, id="endless"),
        pytest.param(drip(OK, b"x: y\r\n"), PollProblem.TOO_SLOW, id="slow"),
        pytest.param(
            drip(OK + b"\r\n<feed>", bytes(400_000), every_s=0.001),
            PollProblem.TOO_LARGE,
            id="endless and fast",
        ),
        pytest.param(say(b"hello\r\n\r\n"), PollProblem.GARBLED, id="not HTTP"),
    ],
)
def test_a_server_that_never_ends_well_is_given_up_on(settings, impatient, talk, problem):
    settings.NET_ALLOW_PRIVATE = True
    with serve(talk) as url:
        source = poll(make_source(address=url, most_mb=1))

    assert source.problem == problem
    assert source.succeeded_at is None


def test_a_body_that_says_the_wrong_charset_comes_byte_by_byte(feed, httpserver):
    """What the bytes mean is for the reading of documents to say."""
    respond(httpserver, LATIN_1, content_type="application/xml; charset=utf-8")
    taker = Taker()
    source = poll(feed(), take=taker)

    assert taker.got[0][1] == LATIN_1
    assert source.problem == ""


@pytest.mark.parametrize(
    ("kind", "body", "is_read"),
    [
        (SourceKind.NWS, b'{"type": "FeatureCollection", "features": []}', True),
        (SourceKind.METEOALARM_JSON, b' {"warnings": []}', True),
        (SourceKind.METEOALARM_JSON, FEED, False),
        (SourceKind.DWD_ZIP, b"PK\x05\x06" + bytes(18), True),
        (SourceKind.DWD_ZIP, FEED, False),
        (SourceKind.CAP_FEED, '<?xml version="1.0"?><feed/>'.encode("utf-16"), True),
        (SourceKind.CAP_FEED, b"\xef\xbb\xbf\n" + FEED, True),
        (SourceKind.CAP_FEED, b'{"warnings": []}', False),
    ],
)
def test_a_body_must_be_of_its_sources_kind(feed, httpserver, kind, body, is_read):
    respond(httpserver, body)

    assert poll(feed(kind=kind)).problem == ("" if is_read else PollProblem.NOT_READ)


def test_the_inside_is_not_asked_where_the_operator_has_not_allowed_it(httpserver, settings):
    settings.NET_ALLOW_PRIVATE = False
    source = poll(make_source(address=httpserver.url_for("/feed.xml")))

    assert source.problem == PollProblem.FORBIDDEN
    assert httpserver.log == []


def test_a_source_that_asks_for_a_pause_gets_it(feed, httpserver):
    respond(httpserver, status=429, headers={"Retry-After": "7200"})
    source = poll(feed())

    assert timedelta(hours=2) <= source.next_poll_at - NOON <= timedelta(hours=2, minutes=1)


def test_failures_in_a_row_make_the_pauses_longer_and_a_success_ends_that(feed, httpserver):
    respond(httpserver, status=500)
    source = feed()
    pauses = [poll(source).next_poll_at - NOON for _ in range(6)]
    source.refresh_from_db()
    assert source.failures == 6
    assert timedelta(minutes=9) <= pauses[0] <= timedelta(minutes=11)
    assert timedelta(minutes=18) <= pauses[1] <= timedelta(minutes=22)
    assert timedelta(minutes=54) <= pauses[5] <= timedelta(minutes=66)

    respond(httpserver)
    source = poll(source)
    assert (source.failures, source.problem, source.problem_words) == (0, "", "")
    assert source.next_poll_at - NOON <= timedelta(minutes=11)


def test_a_fault_of_our_own_is_noted_and_raised(feed, httpserver):
    respond(httpserver)
    source = feed()

    def fail(source, body, now):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        poll(source, take=fail)
    source.refresh_from_db()
    assert (source.problem, source.problem_words) == (PollProblem.OWN_FAULT, "ZeroDivisionError")
    assert (source.succeeded_at, source.claimed_until) == (None, None)
