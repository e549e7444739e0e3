"""A WSGI application that answers with what it was told about the request, as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

TOLD = (
    "CONTENT_LENGTH",
    "HTTP_HOST",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "REMOTE_ADDR",
)


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "application/json")])
    told = {name: environ.get(name, "") for name in TOLD}
    told["BODY"] = environ["wsgi.input"].read(int(told["CONTENT_LENGTH"] or 0)).decode()
    return [json.dumps(told).encode()]
