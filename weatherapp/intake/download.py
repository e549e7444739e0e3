"""One HTTP answer, bounded in size and time. The network is hostile until parsed."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

import httpx2

from weatherapp.intake.source import SourceGarbled, SourceRefused, SourceUnavailable

GZIP_WINDOW_BITS = 31  # zlib's word for "a gzip header, and nothing else"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long to wait and how much to take."""

    connect_s: float = 5.0
    silence_s: float = 15.0  # between two pieces of the answer
    total_s: float = 45.0
    body_bytes: int = 4_000_000  # as unpacked; a hundred places need about 600,000


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes


def make_client(user_agent: str, bounds: Bounds) -> httpx2.Client:
    """A client to keep: it holds its connections open. It never follows a redirect."""
    # The client's own log line shows whole addresses, and with them API keys.
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    return httpx2.Client(
        headers={"User-Agent": user_agent, "Accept": "application/json", "Accept-Encoding": "gzip"},
        timeout=httpx2.Timeout(bounds.silence_s, connect=bounds.connect_s),
        follow_redirects=False,
    )


def download(client: httpx2.Client, url: str, params: Mapping[str, str], bounds: Bounds) -> Reply:
    """The answer, whatever its status. Raises SourceUnavailable, SourceRefused, SourceGarbled."""
    give_up_s = monotonic() + bounds.total_s
    try:
        with client.stream("GET", url, params=params) as response:
            return Reply(response.status_code, _read_body(response, bounds, give_up_s))
    except (httpx2.UnsupportedProtocol, httpx2.InvalidURL) as error:
        raise SourceRefused(f"The source's address is wrong: {error}.") from error
    except httpx2.TimeoutException as error:
        raise SourceUnavailable("The source did not answer in time.") from error
    except httpx2.HTTPError as error:
        raise SourceUnavailable(f"The source cannot be reached: {error}.") from error


class _Unpacker(Protocol):
    def decompress(self, packed: bytes, limit: int, /) -> bytes: ...


class _Plain:
    def decompress(self, packed: bytes, limit: int, /) -> bytes:
        return packed[:limit]


def _read_body(response: httpx2.Response, bounds: Bounds, give_up_s: float) -> bytes:
    unpacker = _find_unpacker(response.headers.get("content-encoding", "identity"))
    body = bytearray()
    for packed in _read_packed(response, give_up_s):
        # Unpacking stops at the bound: a small bomb must not fill the memory first.
        body += _unpack(unpacker, packed, bounds.body_bytes + 1 - len(body))
        if len(body) > bounds.body_bytes:
            raise SourceGarbled(f"The answer is larger than {bounds.body_bytes:,} bytes.")
    return bytes(body)


def _read_packed(response: httpx2.Response, give_up_s: float) -> Iterator[bytes]:
    for packed in response.iter_raw():
        if monotonic() > give_up_s:
            raise SourceUnavailable("The source answers too slowly.")
        yield packed


def _find_unpacker(encoding: str) -> _Unpacker:
    if encoding.lower() == "gzip":
        return zlib.decompressobj(GZIP_WINDOW_BITS)
    if encoding.lower() == "identity":
        return _Plain()
    raise SourceGarbled(f"The answer is packed as {encoding[:20]!r}, which was not asked for.")


def _unpack(unpacker: _Unpacker, packed: bytes, limit: int) -> bytes:
    try:
        return unpacker.decompress(packed, limit)
    except zlib.error as error:
        raise SourceGarbled("The answer cannot be unpacked.") from error
