"""How many requests this web process has answered, and how fast.

In the process's memory: one process with two threads is the whole web (Procfile), and a new one starts
at zero, which Prometheus's rate() knows of. Where several run, each tells of itself alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import accumulate
from math import inf
from threading import Lock
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from weatherapp.operations.metrics.catalogue import HTTP_REQUESTS, HTTP_SECONDS
from weatherapp.operations.metrics.families import Sample

UPTO_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, inf)
STATIC, NO_VIEW = "static", "none"

GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestCounts:
    """Safe to be noted in by several threads at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._answers: dict[tuple[str, str], int] = {}
        self._buckets: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = {}

    def note(self, view: str, status: int, elapsed_s: float) -> None:
        answer = (view, f"{status // 100}xx")
        with self._lock:
            self._answers[answer] = self._answers.get(answer, 0) + 1
            self._seconds[view] = self._seconds.get(view, 0.0) + elapsed_s
            buckets = self._buckets.setdefault(view, [0] * len(UPTO_S))
            buckets[bisect_left(UPTO_S, elapsed_s)] += 1

    def list_samples(self) -> list[Sample]:
        with self._lock:
            return [*self._list_answers(), *self._list_times()]

    def _list_answers(self) -> Iterator[Sample]:
        for (view, status), count in sorted(self._answers.items()):
            yield HTTP_REQUESTS.of(count, view, status)

    def _list_times(self) -> Iterator[Sample]:
        for view, buckets in sorted(self._buckets.items()):
            for upto_s, count in zip(UPTO_S, accumulate(buckets), strict=True):
                yield Sample(HTTP_SECONDS, count, (view,), "_bucket", upto_s)
            yield Sample(HTTP_SECONDS, sum(buckets), (view,), "_count")
            yield Sample(HTTP_SECONDS, self._seconds[view], (view,), "_sum")


request_counts = RequestCounts()


def request_counts_middleware(get_response: GetResponse) -> GetResponse:
    """Outermost: what the others take is counted as well."""

    def answer(request: HttpRequest) -> HttpResponse:
        started_s = perf_counter()
        response = get_response(request)
        request_counts.note(name_view(request), response.status_code, perf_counter() - started_s)
        return response

    return answer


def name_view(request: HttpRequest) -> str:
    """A name of few: the address's, or of what is under one roof (admin) that roof's."""
    match = request.resolver_match
    if match is None:
        return STATIC if request.path.startswith(settings.STATIC_URL) else NO_VIEW
    return (match.namespaces or [match.url_name or NO_VIEW])[0]
