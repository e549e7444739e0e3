"""The documents that a feed links to: once a version, bounded, kindly; a feed is whole or it is not."""

from __future__ import annotations

import pytest

from tests.factories import NOON
from tests.official.feeds import CAP, FEED, MINUTE, Taker, poll, respond
from weatherapp.models import PollProblem, WarningDocument
from weatherapp.official import linked
from weatherapp.official.fetching import PollError
from weatherapp.official.linked import Link, Taken

pytestmark = pytest.mark.django_db
DAY = 24 * 60 * MINUTE


@pytest.fixture
def documents(httpserver):
    """The feed, and documents beside it; a call makes links to them."""
    respond(httpserver, headers={"ETag": '"feed"'})

    def make(*names, version="1", **answer):
        for name in names:
            handler = httpserver.expect_request(f"/{name}")
            handler.respond_with_data(**({"response_data": CAP} | answer))
        return [Link(httpserver.url_for(f"/{name}"), version) for name in names]

    return make


def count_asked(httpserver, name):
    return sum(request.path == f"/{name}" for request, _ in httpserver.log)


def test_each_linked_document_is_taken_once_a_version(feed, httpserver, documents):
    links = documents("a.xml", "b.xml")
    source = poll(feed(), take=Taker(*links))
    assert (source.problem, source.succeeded_at, source.etag) == ("", NOON, '"feed"')

    respond(httpserver, FEED + b"<!-- another -->")
    newer = [*documents("b.xml", version="2"), *documents("c.xml"), links[0]]
    taker = Taker(*newer)
    source = poll(source, now=NOON + 10 * MINUTE, take=taker)

    assert [address.rpartition("/")[2] for address in taker.addresses] == [
        "feed.xml",
        "b.xml",
        "c.xml",
    ]
    assert source.succeeded_at == NOON + 10 * MINUTE
    assert count_asked(httpserver, "a.xml") == 0  # since the server was told anew


def test_a_new_version_is_asked_for_by_the_mark_of_the_old(feed, httpserver, documents):
    source = poll(feed(), take=Taker(*documents("a.xml", headers={"ETag": '"a"'})))
    respond(httpserver, FEED + b"<!-- another -->")
    links = documents("a.xml", version="2", response_data=b"", status=304)
    taker = Taker(*links)
    source = poll(source, now=NOON + 10 * MINUTE, take=taker)

    assert httpserver.log[-1][0].headers["If-None-Match"] == '"a"'
    assert taker.addresses == [source.address]
    assert (source.problem, source.documents.get().version) == ("", "2")


def test_more_documents_than_a_poll_takes_are_no_whole_poll(
    feed, httpserver, documents, monkeypatch
):
    """The next poll, soon after, goes on; only then it is a success."""
    monkeypatch.setattr(linked, "LINKS_A_POLL", 2)
    links = documents("a.xml", "b.xml", "c.xml")
    source = poll(feed(), take=Taker(*links))
    assert (source.problem, source.succeeded_at) == (PollProblem.INCOMPLETE, None)
    assert (source.etag, source.failures) == ("", 0)
    assert source.next_poll_at - NOON < 2 * MINUTE

    taker = Taker(*links)
    source = poll(source, now=source.next_poll_at, take=taker)
    assert [address.rpartition("/")[2] for address in taker.addresses] == ["feed.xml", "c.xml"]
    assert (source.problem, source.etag) == ("", '"feed"')
    assert source.succeeded_at is not None


def test_a_document_that_fails_keeps_the_poll_from_being_whole_and_delays_no_other(feed, documents):
    links = [*documents("bad.xml", status=500), *documents("good.xml")]
    taker = Taker(*links)
    source = poll(feed(), take=taker)

    assert (source.problem, source.succeeded_at) == (PollProblem.LINKS_FAILED, None)
    assert taker.addresses == [source.address, links[1].address]
    assert source.failures == 1
    assert source.next_poll_at - NOON <= 11 * MINUTE

    again = Taker(*links)
    source = poll(source, take=again)
    assert source.failures == 2
    assert source.next_poll_at - NOON <= 11 * MINUTE  # no back-off
    assert again.addresses == [source.address]


def test_a_document_that_is_not_there_is_asked_for_some_times_and_then_counts_as_gone(
    feed, documents
):
    """A feed may name it a moment too early, or a moment too long."""
    taker = Taker(*documents("gone.xml", status=404))
    source = feed()
    problems = [poll(source, take=taker).problem for _ in range(linked.GONE_AFTER)]

    assert problems == [PollProblem.LINKS_FAILED] * (linked.GONE_AFTER - 1) + [""]
    assert source.documents.get().problem == PollProblem.GONE


def test_a_document_that_cannot_be_read_is_kept_with_its_reason(feed, httpserver, documents):
    (link,) = documents("odd.xml")

    def refuse(source, body, now):
        if body.address == link.address:
            raise PollError(PollProblem.NOT_READ, "no CAP")
        return Taken([link])

    source = poll(feed(), take=refuse)
    assert source.problem == ""
    assert source.documents.get().problem == PollProblem.NOT_READ

    respond(httpserver, FEED + b"<!-- another -->")
    source = poll(source, take=refuse)
    assert (source.problem, len(httpserver.log)) == ("", 1)


def test_a_host_that_wants_a_pause_is_left_alone_at_once(feed, httpserver, documents):
    links = documents("a.xml", "b.xml", "c.xml", status=429, headers={"Retry-After": "3600"})
    source = poll(feed(), take=Taker(*links))

    assert len(httpserver.log) == 2  # the feed and the first document
    assert source.problem == PollProblem.LINKS_FAILED
    assert source.next_poll_at - NOON >= 60 * MINUTE


def test_documents_of_one_host_are_asked_for_at_a_pace(feed, documents, monkeypatch):
    """As if no time passed between the answers."""
    monkeypatch.setattr(linked, "monotonic", lambda: 1000.0)
    pauses = []
    poll(feed(), take=Taker(*documents("a.xml", "b.xml", "c.xml")), pause=pauses.append)

    assert pauses == pytest.approx([linked.HOST_PAUSE_S] * 2)


def test_links_into_the_inside_are_not_followed(feed, documents):
    link = Link("http://169.254.169.254/latest/meta-data")
    source = poll(feed(), take=Taker(link))

    assert source.problem == PollProblem.LINKS_FAILED
    assert source.documents.get().problem == PollProblem.FORBIDDEN


def test_a_feed_of_too_many_links_is_refused(feed, httpserver):
    respond(httpserver)
    links = [Link(f"https://example.org/{number}.xml") for number in range(linked.MOST_LINKS + 1)]
    source = poll(feed(), take=Taker(*links))

    assert source.problem == PollProblem.TOO_LARGE
    assert not WarningDocument.objects.exists()


def test_the_same_link_twice_is_asked_for_once(feed, httpserver, documents):
    (link,) = documents("a.xml")
    poll(feed(), take=Taker(link, link))

    assert count_asked(httpserver, "a.xml") == 1


def test_documents_that_a_whole_feed_no_longer_names_are_forgotten(feed, httpserver, documents):
    links = documents("a.xml", "b.xml")
    source = poll(feed(), take=Taker(*links))
    respond(httpserver, FEED + b"<!-- another -->")
    documents("b.xml")
    source = poll(source, now=NOON + 3 * DAY, take=Taker(links[1]))

    assert [row.address for row in source.documents.all()] == [links[1].address]


def test_what_a_killed_worker_had_fetched_stays_fetched(feed, httpserver, documents):
    links = documents("a.xml", "b.xml")

    def die_at_b(source, body, now):
        if body.address == links[1].address:
            raise KeyboardInterrupt
        return Taken(links)

    source = feed()
    with pytest.raises(KeyboardInterrupt):
        poll(source, take=die_at_b)
    taker = Taker(*links)
    source = poll(source, now=NOON + 10 * MINUTE, take=taker)

    assert taker.addresses == [source.address, links[1].address]
    assert (source.problem, source.succeeded_at) == ("", NOON + 10 * MINUTE)
