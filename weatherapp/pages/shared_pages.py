"""Finished pages, kept for the next readers: few, small, and of nobody in particular."""

from __future__ import annotations

import gzip
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from django.http import HttpResponse
from django.urls import ResolverMatch

MOST_PAGES = 200
MOST_BYTES = 2 * 1024**2
SMALLEST_ZIPPED = 200  # bytes: below, compression makes it longer
OF_ONE_ANSWER = {"content-length", "content-encoding"}


@dataclass(frozen=True, slots=True)
class SharedPage:
    """`etag` is weak: the same for both bodies."""

    etag: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    zipped: bytes
    route: ResolverMatch | None  # for the log
    until_s: float  # by the monotonic clock; then somebody must look whether it is still so

    @property
    def size(self) -> int:
        return len(self.body) + len(self.zipped)

    def to_response(self, *, zipped: bool) -> HttpResponse:
        is_zipped = zipped and bool(self.zipped)
        response = HttpResponse(self.zipped if is_zipped else self.body, status=self.status)
        for name, value in self.headers:
            response.headers[name] = value
        if is_zipped:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.content))
        return response


def make_shared_page(
    response: HttpResponse, route: ResolverMatch | None, *, until_s: float
) -> SharedPage:
    headers = response.headers.items()
    body = response.content
    return SharedPage(
        etag=response.headers["ETag"],
        status=response.status_code,
        headers=tuple((name, text) for name, text in headers if name.lower() not in OF_ONE_ANSWER),
        body=body,
        # No token is in it, so nothing can be guessed from its length (BREACH).
        zipped=gzip.compress(body, 6, mtime=0) if len(body) >= SMALLEST_ZIPPED else b"",
        route=route,
        until_s=until_s,
    )


class SharedPages:
    """The pages that were asked for last; safe to use from several threads."""

    def __init__(self, *, most: int = MOST_PAGES, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._pages: OrderedDict[str, SharedPage] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._pages)

    @property
    def size(self) -> int:
        """Bytes of all bodies."""
        return self._bytes

    def find(self, key: str) -> SharedPage | None:
        """However old."""
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
            return self._pages.get(key)

    def keep(self, key: str, page: SharedPage) -> None:
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self._bytes += page.size
            while len(self._pages) > self._most or self._bytes > self._most_bytes:
                self._drop(next(iter(self._pages)))

    def clear(self) -> None:
        with self._lock:
            self._pages.clear()
            self._bytes = 0

    def _drop(self, key: str) -> None:
        page = self._pages.pop(key, None)
        self._bytes -= page.size if page else 0


shared_pages = SharedPages()
