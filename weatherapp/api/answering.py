"""Answers a request by the operations of its address: one way through for all of them.

Who asks and how often, what is asked, whether it has changed; then the operation. Whatever refuses,
the answer is a problem (api/problems.py).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from weatherapp.api.cursors import write_cursor
from weatherapp.api.keys import check_scope, find_key
from weatherapp.api.limits import Left, spend
from weatherapp.api.operations import Call, Operation, Slice
from weatherapp.api.problems import ProblemError, not_found
from weatherapp.api.reading_requests import check_accepts, read_body, read_parameters
from weatherapp.api.schema import MOST_ID
from weatherapp.display.reader import shown_to
from weatherapp.domain.units import Units
from weatherapp.models import ApiKey
from weatherapp.pages.client_address import make_client_key

JSON_TYPE = "application/json"
EXPOSED = "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After"
STEP_S = 60  # what is said of "now" grows old: another minute, another mark
SAFE = ("GET", "HEAD", "OPTIONS")

View = Callable[..., HttpResponse]


def make_view(operations: Sequence[Operation]) -> View:
    """Of one address."""
    by_method = {operation.method: operation for operation in operations}
    methods = [*by_method, *(("HEAD",) if "GET" in by_method else ()), "OPTIONS"]
    allow = ", ".join(sorted(methods))
    reads = ", ".join(method for method in methods if method in SAFE)

    @csrf_exempt
    def answer(request: HttpRequest, **path: Any) -> HttpResponse:
        method = "GET" if request.method == "HEAD" else request.method or ""
        if method == "OPTIONS":
            return _tell_methods(allow, reads)
        left: list[Left] = []
        try:
            operation = by_method.get(method)
            if operation is None:
                raise ProblemError(405, headers={"Allow": allow})
            response = _answer(operation, request, path, left)
        except ProblemError as problem:
            response = problem.to_response()
        except Http404:
            response = not_found("thing").to_response()
        for name, value in (left[0].headers if left else {}).items():
            response.headers[name] = value
        return _open_to_all(response)

    return answer


def _answer(
    operation: Operation, request: HttpRequest, path: Mapping[str, Any], left: list[Left]
) -> HttpResponse:
    """Raises ProblemError or Http404."""
    now = timezone.now()
    key = _count(operation, request, now, left)
    check_scope(key, operation.scope)
    check_accepts(request)
    if any(isinstance(value, int) and not 0 < value <= MOST_ID for value in path.values()):
        raise Http404
    values = read_parameters(operation, request)
    body = read_body(operation, request)
    call = Call(request, path, values, now, key, body)
    with shown_to(language=values.get("lang") or "en", units=Units()):
        if operation.read_version is None:
            return _write(operation, call)
        etag = _mark(operation.read_version(call), request, now)
        known = get_conditional_response(request, etag=etag)
        response = known or _write(operation, call)
        assert isinstance(response, HttpResponse)  # noqa: S101 - what is made here always is
        return _label(response, etag, key)


def _count(
    operation: Operation, request: HttpRequest, now: datetime, left: list[Left]
) -> ApiKey | None:
    """The key, if any. A key that is not good counts as its client's request."""
    try:
        key, refusal = find_key(request), None
    except ProblemError as problem:
        key, refusal = None, problem
    holder = f"key-{key.pk}" if key else make_client_key(request)
    left.append(spend(holder, has_key=key is not None, now_s=now.timestamp()))
    if left[0].is_over:
        raise _too_many(left[0].reset_s)
    if refusal is not None:
        raise refusal
    if key is not None:
        key.note_use(now)
    return key


def _too_many(seconds: int) -> ProblemError:
    return ProblemError(429, f"Ask again in {seconds} s.", headers={"Retry-After": str(seconds)})


def _write(operation: Operation, call: Call) -> HttpResponse:
    found = operation.call(call)
    headers = {}
    if isinstance(found, Slice):
        following = _next_address(call, found)
        content = {"items": [operation.answer.write(row) for row in found.rows], "next": following}
        if following:
            headers["Link"] = f'<{following}>; rel="next"'
    else:
        content = operation.answer.write(found)
    if operation.locate is not None:
        headers["Location"] = operation.locate(found)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    response = HttpResponse(text, status=operation.status, content_type=JSON_TYPE, headers=headers)
    if operation.is_safe and operation.read_version is None:
        return _mark_by_content(call.request, response)
    if not operation.is_safe:
        response.headers["Cache-Control"] = "no-store"
    return response


def _mark_by_content(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    etag = f'W/"{blake2b(response.content, digest_size=9).hexdigest()}"'
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    answer = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(answer, HttpResponse)  # noqa: S101 - of a GET with a response, always
    return answer


def _next_address(call: Call, found: Slice) -> str | None:
    if found.after is None:
        return None
    parameters = call.request.GET.copy()
    parameters["cursor"] = write_cursor(found.after)
    return f"{settings.SITE_URL}{call.request.path}?{parameters.urlencode()}"


def _mark(version: str, request: HttpRequest, now: datetime) -> str:
    parts = (settings.COMMIT, version, request.get_full_path(), int(now.timestamp()) // STEP_S)
    return f'W/"{blake2b(repr(parts).encode(), digest_size=9).hexdigest()}"'


def _label(response: HttpResponse, etag: str, key: ApiKey | None) -> HttpResponse:
    response.headers["ETag"] = etag
    # Ask each time whether it is still so: in warnings nothing may be old unseen.
    response.headers["Cache-Control"] = "private, no-cache" if key else "no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _tell_methods(allow: str, reads: str) -> HttpResponse:
    """Also what browsers ask before a page of another site may read; none of them may write."""
    response = HttpResponse(status=204)
    response.headers["Allow"] = allow
    if "GET" in reads:
        response.headers["Access-Control-Allow-Methods"] = reads
        response.headers["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    return _open_to_all(response)


def _open_to_all(response: HttpResponse) -> HttpResponse:
    """For pages of any site: nothing here depends on a cookie, so nothing of a reader is in it."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    return response
