"""The documents that a feed links to: each fetched once a version, a bounded number a poll."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic, sleep
from urllib.parse import urlsplit

from weatherapp.models import PollProblem, WarningDocument, WarningSource
from weatherapp.net.client import Client
from weatherapp.official.fetching import Body, PollError, connect, fetch, open_spool

# Documents that one poll fetches; the next one, a minute later, goes on.
LINKS_A_POLL = 40
MOST_LINKS = 5000  # of a feed; China's has some thousands on a stormy day
LONGEST_ADDRESS, LONGEST_VERSION = 2000, 100  # characters
DOCUMENT_BYTES = 8_000_000  # Canada's and IPAWS's hold sounds, of up to 460 kB
DOCUMENT_S = 15.0
ALL_S = 45.0  # with the feed itself this ends before Celery's limit
HOST_PAUSE_S = 0.1  # between two questions to one host
HOST_FAILURES = 2  # in a row: then the host is left alone until the next poll
# A feed may name a document a moment before it is there: asked so often, then it counts as gone.
GONE_AFTER = 3
KEEP_UNLISTED = timedelta(days=2)
CHUNK = 500  # addresses in one statement
AWAY = (PollProblem.UNREACHABLE, PollProblem.TOO_SLOW, PollProblem.BUSY)


@dataclass(frozen=True, slots=True)
class Link:
    """`version`: whatever changes in the feed when the document does, for example its time."""

    address: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """`left` did not get their turn; `failed` had it. Where both are 0 the poll is whole."""

    left: int
    failed: int
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a body. `is_complete`: all of it could be read, so that absence says something."""

    links: Sequence[Link] = ()
    is_complete: bool = True


Take = Callable[[WarningSource, Body, datetime], Taken]


def fetch_linked(
    source: WarningSource,
    links: Sequence[Link],
    take: Take,
    *,
    clock: Callable[[], datetime],
    pause: Callable[[float], None] = sleep,
) -> Fetched:
    """Fetch what is new among `links` and hand it to `take`. Raises PollError for too many.

    Each document is stored with its own row: what a killed worker has fetched stays fetched.
    """
    now = clock()
    wanted = _find_wanted(source, _check(links), now)
    asker = _Asker(source, take, clock, pause)
    with connect(most_bytes=DOCUMENT_BYTES, total_s=DOCUMENT_S) as client:
        for document in wanted[:LINKS_A_POLL]:
            asker.ask(client, document)
    return Fetched(len(wanted) - asker.asked, asker.failed, asker.retry_at)


def forget_unlisted(source: WarningSource, *, now: datetime) -> None:
    """After a whole poll: documents that its feed no longer names."""
    source.documents.filter(listed_at__lt=now - KEEP_UNLISTED).delete()


class _Asker:
    """Goes through the documents of one poll, kindly to their hosts, and within its time."""

    def __init__(
        self,
        source: WarningSource,
        take: Take,
        clock: Callable[[], datetime],
        pause: Callable[[float], None],
    ) -> None:
        self._source, self._take, self._clock, self._pause = source, take, clock, pause
        self._ends_at_s = monotonic() + ALL_S
        self._asked_at_s: dict[str, float] = {}
        self._failures: Counter[str] = Counter()  # in a row, by host
        self.asked = 0
        self.failed = 0
        self.retry_at: datetime | None = None

    def ask(self, client: Client, document: WarningDocument) -> None:
        """Unless its host is left alone, or no time is left."""
        host = urlsplit(document.address).netloc
        if monotonic() > self._ends_at_s or self._failures[host] >= HOST_FAILURES:
            return
        self._keep_pace(host)
        self.asked += 1
        try:
            self._fetch(client, document)
        except PollError as error:
            self._note_failure(document, error, host)
        else:
            self._failures[host] = 0

    def _keep_pace(self, host: str) -> None:
        last_s = self._asked_at_s.get(host)
        if last_s is not None and (left_s := last_s + HOST_PAUSE_S - monotonic()) > 0:
            self._pause(left_s)
        self._asked_at_s[host] = monotonic()

    def _fetch(self, client: Client, document: WarningDocument) -> None:
        """Raises PollError."""
        now = self._clock()
        with open_spool() as spool:
            body = fetch(
                client,
                document.address,
                spool,
                now=now,
                etag=document.etag,
                last_modified=document.last_modified,
            )
            if body is not None:
                self._take(self._source, body, now)
                _note_body(document, body)
        document.fetched_at = document.tried_at = now
        document.problem, document.failures = "", 0
        document.save()

    def _note_failure(self, document: WarningDocument, error: PollError, host: str) -> None:
        document.problem = error.problem
        document.failures += 1
        document.tried_at = self._clock()
        document.save()
        if not _is_settled(document):
            self.failed += 1
        if error.problem in AWAY:
            self._failures[host] += HOST_FAILURES if error.problem == PollProblem.BUSY else 1
        if error.retry_at is not None:
            self.retry_at = max(error.retry_at, self.retry_at or error.retry_at)


def _check(links: Sequence[Link]) -> dict[str, Link]:
    """By address, each once. Raises PollError."""
    by_address = {
        link.address: Link(link.address, link.version[:LONGEST_VERSION])
        for link in links
        if len(link.address) <= LONGEST_ADDRESS
    }
    if len(by_address) > MOST_LINKS:
        raise PollError(PollProblem.TOO_LARGE, f"The feed names {len(by_address):,} documents.")
    return by_address


def _find_wanted(
    source: WarningSource, links: dict[str, Link], now: datetime
) -> list[WarningDocument]:
    """Those to be fetched: the new ones in the feed's order, then the failed, longest ago first."""
    known = {row.address: row for row in source.documents.all()}
    for addresses in _chunk([address for address in links if address in known]):
        source.documents.filter(address__in=addresses).update(listed_at=now)
    new: list[WarningDocument] = []
    failed: list[WarningDocument] = []
    for link in links.values():
        row = known.get(link.address)
        if row is None:
            row = WarningDocument(source=source, address=link.address, tried_at=now)
        elif row.version == link.version and _is_settled(row):
            continue
        row.listed_at = now
        if row.version != link.version:
            row.version, row.failures = link.version, 0
        (failed if row.failures else new).append(row)
    return new + sorted(failed, key=lambda row: row.tried_at)


def _is_settled(document: WarningDocument) -> bool:
    """Fetched, gone for good, or never to be read: asked again once its version is another."""
    if document.problem == PollProblem.GONE:
        return document.failures >= GONE_AFTER
    if document.problem == PollProblem.NOT_READ:
        return True
    return not document.problem and document.fetched_at is not None


def _note_body(document: WarningDocument, body: Body) -> None:
    document.etag = body.etag
    document.last_modified = body.last_modified
    document.body_sha256, document.body_bytes = body.sha256, body.size


def _chunk(addresses: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(addresses), CHUNK):
        yield addresses[start : start + CHUNK]
