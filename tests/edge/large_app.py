"""A WSGI application with answers of any size: `/1000` has 1,000 kB, in pieces; `/` none."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

PIECE = 64 * 1024


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    size = 1000 * int(environ["PATH_INFO"].strip("/").replace("health", "") or 0)
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(size))])
    body = make_body(size)
    return (body[at : at + PIECE] for at in range(0, size, PIECE))


def make_body(size: int) -> bytes:
    """Bytes of which none can be lost, or change places, unseen."""
    return hashlib.shake_128(b"large").digest(size)
