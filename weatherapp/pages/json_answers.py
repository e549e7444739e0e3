"""JSON for programs: who asks again is told in a few bytes that nothing has changed."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response


def answer_json(request: HttpRequest, content: dict[str, Any]) -> HttpResponse:
    """Marked by what it says; caches may keep it, and must ask each time whether it is still so."""
    response = JsonResponse(content)
    etag = f'W/"{blake2b(response.content, digest_size=9).hexdigest()}"'
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    answer = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(answer, HttpResponse)  # noqa: S101 - of a GET with a response, always
    return answer
