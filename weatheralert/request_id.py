"""Gives every web request an id, which its log lines, its tasks and its answer carry."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from dyno.trace import make_trace_id, trace_id

HEADER = "X-Request-ID"
# A stranger's id goes into logs and messages: nothing that could break a line or be long.
ACCEPTABLE = re.compile(r"[A-Za-z0-9_-]{8,64}")
UNREMARKABLE = ("/health", "/metrics", "/static/")

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponse]


def request_id_middleware(get_response: GetResponse) -> GetResponse:
    """A proxy's X-Request-ID goes on; without one the request gets a new id."""

    def answer(request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        trace_id.set(given if ACCEPTABLE.fullmatch(given) else make_trace_id())
        started_s = perf_counter()
        response = get_response(request)
        response[HEADER] = trace_id.get()
        _log(request, response, perf_counter() - started_s)
        return response

    return answer


@receiver(request_finished)
def _forget_id(**_: Any) -> None:
    """Not earlier: Django logs what went wrong after all middleware."""
    trace_id.set("")


def _log(request: HttpRequest, response: HttpResponse, elapsed_s: float) -> None:
    """The route and not the path, which may hold a subscriber's secret or a line break."""
    if request.path.startswith(UNREMARKABLE):
        return
    route = f"/{request.resolver_match.route}" if request.resolver_match else "(no such page)"
    logger.info("%s %s %s %.0f ms", request.method, route, response.status_code, 1000 * elapsed_s)
