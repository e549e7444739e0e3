"""Errors as programs read them: problem details (RFC 9457), the same whatever refuses."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings

PROBLEM_TYPE = "application/problem+json"

# Status: the word for programs, and the sentence for who reads their logs.
ERRORS = {
    400: ("bad_request", "The request could not be understood."),
    401: ("unknown_key", "This API key is not known here, or it was revoked."),
    403: ("forbidden", "This may not be done from here."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that method: see the Allow header."),
    406: ("not_acceptable", "This address answers in application/json."),
    409: ("conflict", "That contradicts what is stored."),
    412: ("precondition_failed", "It is not as the request says that it must be."),
    413: ("too_large", "The request is too large."),
    415: ("unsupported_media_type", "Send the body as application/json."),
    422: ("invalid", "The body cannot be stored as it is: see its errors."),
    429: ("too_many_requests", "Too many requests: ask again later."),
    503: ("unavailable", "That cannot be told at the moment."),
}
# Of these statuses, what is said more exactly.
FINER = (
    (400, "wrong_parameter", "A parameter of the address is not known, or cannot be so."),
    (400, "not_json", "The body is no JSON."),
    (401, "key_needed", "This needs an API key."),
    (403, "scope_needed", "The API key does not allow this."),
    (409, "too_late", "Nothing waits any more that could be cancelled."),
    (503, "database_down", "The rows that this is about cannot be read."),
)
OUR_FAULT = ("server_error", "Something went wrong here. It has been written down.")


def describe_problem(
    status: int, detail: str = "", *, code: str = "", **more: Any
) -> dict[str, Any]:
    """`type` is an address, as the standard wants it: what it leads to explains the code."""
    other = ERRORS[400] if status < 500 else OUR_FAULT
    titles = {finer: (finer, title) for _, finer, title in FINER}
    code, title = titles.get(code, ERRORS.get(status, other))
    return {
        "type": f"{settings.SITE_URL}/api/#problem-{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail or title,
        **more,
    }


def write_problem(status: int, detail: str = "", **more: Any) -> bytes:
    return json.dumps(describe_problem(status, detail, **more), ensure_ascii=False).encode()


def list_codes() -> list[tuple[int, str, str]]:
    """All statuses, codes and titles that a program may meet, in their order."""
    usual = ((status, *words) for status, words in ERRORS.items())
    return sorted([*usual, *FINER, (500, *OUR_FAULT)])
