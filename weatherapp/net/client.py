"""One bounded HTTP client for all that the site asks and sends outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import IO
from urllib.parse import urljoin

import httpcore2

from weatherapp.net.address import add_params, split_url
from weatherapp.net.backend import BoundedBackend
from weatherapp.net.body import read_body, write_body
from weatherapp.net.deadline import whole_exchange
from weatherapp.net.errors import (
    GarbledError,
    NetError,
    TooSlowError,
    TruncatedError,
    UnreachableError,
    WrongAddressError,
)
from weatherapp.net.guard import Guard
from weatherapp.net.reply import Reply, make_reply

REDIRECTS = (301, 302, 303, 307, 308)
KEPT_CONNECTIONS = 2
KEEP_S = 60.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long to wait and how much to take."""

    connect_s: float = 5.0  # with the name's look-up
    silence_s: float = 15.0  # between two pieces of the answer
    total_s: float = 30.0  # from the look-up of the name to the last byte, redirects included
    body_bytes: int = 4_000_000  # as unpacked
    redirects: int = 0  # of GET; what a POST is answered is never followed


class Client:
    """To keep: it holds its connections open. Threads may share it.

    With a `guard` it asks nobody whom the guard forbids. Proxies of the environment are not used:
    behind one the guard would judge nothing.
    """

    def __init__(
        self, user_agent: str, bounds: Bounds | None = None, *, guard: Guard | None = None
    ) -> None:
        self._headers = {"User-Agent": user_agent, "Accept-Encoding": "gzip"}
        self._bounds = bounds or Bounds()
        self._guard = guard
        self._pool = httpcore2.ConnectionPool(
            max_keepalive_connections=KEPT_CONNECTIONS,
            keepalive_expiry=KEEP_S,
            network_backend=BoundedBackend(guard),
        )

    def get(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        accept: str = "*/*",
        etag: str = "",
        last_modified: str = "",
        into: IO[bytes] | None = None,
    ) -> Reply:
        """The answer, whatever its status. Raises NetError.

        Its body goes `into` a file where one is given, and is never whole in memory; after an error
        the file holds some of it.
        """
        asked = {"Accept": accept, "If-None-Match": etag, "If-Modified-Since": last_modified}
        with whole_exchange(self._bounds.total_s):
            address = add_params(split_url(url), params or {})
            reply = self._exchange("GET", address, asked, into=into)
            for _ in range(self._bounds.redirects):
                if reply.status not in REDIRECTS or not reply.location:
                    break
                address = _follow(address, reply.location)
                reply = self._exchange("GET", address, asked, into=into)
            return reply

    def post(self, url: str, content: bytes, *, headers: Mapping[str, str] | None = None) -> Reply:
        """The answer, whatever its status. Raises NetError."""
        with whole_exchange(self._bounds.total_s):
            return self._exchange("POST", add_params(split_url(url), {}), headers or {}, content)

    def close(self) -> None:
        """Give the connections back."""
        self._pool.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None = None,
        into: IO[bytes] | None = None,
    ) -> Reply:
        if self._guard is not None:
            self._guard.check_url(url)
        sent = self._headers | {name: value for name, value in headers.items() if value}
        try:
            return self._send(method, url, sent, content, into)
        except httpcore2.TimeoutException as error:
            raise TooSlowError("There is no whole answer in time.") from error
        except httpcore2.NetworkError as error:
            raise UnreachableError(f"The connection breaks: {error}.") from error
        except httpcore2.RemoteProtocolError as error:
            raise _name_protocol_error(error) from error
        except httpcore2.LocalProtocolError as error:
            raise WrongAddressError(f"The request cannot be sent: {error}.") from error

    def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        content: bytes | None,
        into: IO[bytes] | None,
    ) -> Reply:
        with self._pool.stream(
            method,
            url,
            headers=[
                (name.encode(), value.encode("latin-1", "replace"))
                for name, value in headers.items()
            ],
            content=content,
            extensions={"timeout": self._make_timeouts()},
        ) as response:
            sent = {name.lower(): value for name, value in response.headers}
            encoding = sent.get(b"content-encoding", b"").decode("latin-1")
            pieces, most = response.iter_stream(), self._bounds.body_bytes
            if into is None:
                body = read_body(pieces, encoding, most)
            else:
                body = b""
                write_body(pieces, encoding, most, into)
            return make_reply(response.status, response.headers, body)

    def _make_timeouts(self) -> dict[str, float]:
        silence_s, connect_s = self._bounds.silence_s, self._bounds.connect_s
        return {"connect": connect_s, "read": silence_s, "write": silence_s, "pool": connect_s}


def _name_protocol_error(error: httpcore2.RemoteProtocolError) -> NetError:
    # A server that goes away in the middle is out of reach; one that says nonsense is garbled.
    words = str(error)
    if "without sending complete message body" in words or "incomplete chunked read" in words:
        return TruncatedError(f"The answer is cut off: {words}.")
    if "disconnected" in words or "closed connection" in words:
        return UnreachableError(f"The connection breaks: {words}.")
    return GarbledError(f"The answer is not HTTP: {words}.")


def _follow(url: str, location: str) -> str:
    """Where a redirect leads. Raises WrongAddressError."""
    try:
        target = split_url(urljoin(url, location))
    except ValueError as error:
        raise WrongAddressError(f"The answer leads nowhere: {error}.") from error
    if url.startswith("https:") and target.scheme != "https":
        raise WrongAddressError("The answer leads from https to http.")
    return add_params(target, {})
