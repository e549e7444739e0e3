"""What a client reads whose request never reaches the site."""

from __future__ import annotations

import json

from dyno.buffering.limits import BODY_AT_MOST, HEAD_AT_MOST, KIB

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
# status -> reason, code for programs, sentence
_WORDS = {
    408: ("Request Timeout", "too_slow", "The request did not arrive in time."),
    411: ("Length Required", "length_required", "Send the body's length (Content-Length)."),
    413: (
        "Content Too Large",
        "too_large",
        f"The body of a request may have {BODY_AT_MOST // KIB} kB at most.",
    ),
    431: (
        "Request Header Fields Too Large",
        "head_too_large",
        f"The head of a request may have {HEAD_AT_MOST // KIB} kB at most.",
    ),
}


def make_refusal(status: int, *, as_json: bool) -> bytes:
    """The whole answer; the connection ends with it."""
    reason, code, message = _WORDS[status]
    kind = "application/problem+json" if as_json else "text/plain; charset=utf-8"
    problem = {  # RFC 9457
        "type": "about:blank",
        "title": reason,
        "status": status,
        "code": code,
        "detail": message,
    }
    body = json.dumps(problem) if as_json else f"{message}\n"
    head = (
        f"HTTP/1.1 {status} {reason}\r\n"
        f"Content-Type: {kind}\r\n"
        f"Content-Length: {len(body)}\r\n"
        "X-Content-Type-Options: nosniff\r\n"
        "Connection: close\r\n\r\n"
    )
    return (head + body).encode()
