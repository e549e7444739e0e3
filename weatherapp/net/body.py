"""An answer's body, unpacked within its bound."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import Protocol

from weatherapp.net.deadline import left_s
from weatherapp.net.errors import GarbledError, TooLargeError

GZIP_WINDOW_BITS = 31  # zlib's word for "a gzip header, and nothing else"


class Unpacker(Protocol):
    def decompress(self, packed: bytes, limit: int, /) -> bytes: ...


class _Plain:
    def decompress(self, packed: bytes, limit: int, /) -> bytes:
        return packed[:limit]


def read_body(pieces: Iterable[bytes], encoding: str, body_bytes: int) -> bytes:
    """Raises TooLargeError above `body_bytes`, GarbledError and TooSlowError."""
    unpacker = _find_unpacker(encoding)
    body = bytearray()
    for packed in pieces:
        left_s()  # an answer that is here already still takes time to unpack
        # Unpacking stops at the bound: a small bomb must not fill the memory first.
        body += _unpack(unpacker, packed, body_bytes + 1 - len(body))
        if len(body) > body_bytes:
            raise TooLargeError(f"The answer is larger than {body_bytes:,} bytes.")
    return bytes(body)


def _find_unpacker(encoding: str) -> Unpacker:
    if encoding.lower() == "gzip":
        return zlib.decompressobj(GZIP_WINDOW_BITS)
    if encoding.lower() in ("", "identity"):
        return _Plain()
    raise GarbledError(f"The answer is packed as {encoding[:20]!r}, which was not asked for.")


def _unpack(unpacker: Unpacker, packed: bytes, limit: int) -> bytes:
    try:
        return unpacker.decompress(packed, limit)
    except zlib.error as error:
        raise GarbledError("The answer cannot be unpacked.") from error
