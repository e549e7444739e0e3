"""The queue in figures, for programs that scale the predictors."""

from __future__ import annotations

import json
from hashlib import blake2b

from django.db import Error as DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, get_conditional_response
from django.views.decorators.http import require_safe

from weatherapp.forecasting.asking.queue_status import read_status
from weatherapp.pages.problem_json import PROBLEM_TYPE, write_problem

DATABASE_DOWN = "The rows that wait cannot be read."


@require_safe
def queue_status(request: HttpRequest) -> HttpResponse:
    try:
        status = read_status(now=timezone.now()).to_json()
    except DatabaseError:
        body = write_problem(503, DATABASE_DOWN, code="database_down")
        refusal = HttpResponse(body, status=503, content_type=PROBLEM_TYPE)
        add_never_cache_headers(refusal)
        return refusal
    etag = f'W/"{blake2b(json.dumps(status).encode(), digest_size=9).hexdigest()}"'
    response = JsonResponse(status, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
    answer = get_conditional_response(request, etag=etag, response=response)
    assert isinstance(answer, HttpResponse)  # noqa: S101 - of a GET with a response, always
    return answer
