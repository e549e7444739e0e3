"""An answer's body, unpacked within its bound."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import IO, Protocol

from weatherapp.net.deadline import left_s
from weatherapp.net.errors import GarbledError, TooLargeError, TruncatedError

GZIP_WINDOW_BITS = 31  # zlib's word for "a gzip header, and nothing else"
STEP = (
    262_144  # bytes that are unpacked at once: what is written to a file never is in memory whole
)


class Unpacker(Protocol):
    def unpack(self, packed: bytes) -> Iterator[bytes]:
        """In pieces of at most STEP. Raises GarbledError."""

    def end(self) -> None:
        """Nothing more comes. Raises TruncatedError where something should."""


class _Plain:
    def unpack(self, packed: bytes) -> Iterator[bytes]:
        yield packed

    def end(self) -> None:
        """How long it should have been is HTTP's affair."""


class _Gzip:
    """One or more members, one behind the other, as RFC 1952 has it."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(GZIP_WINDOW_BITS)

    def unpack(self, packed: bytes) -> Iterator[bytes]:
        while packed:
            left_s()  # a bomb takes long to unpack, and so do members that hold nothing
            if self._member.eof:
                self._member = zlib.decompressobj(GZIP_WINDOW_BITS)
            yield self._step(packed)
            packed = self._member.unconsumed_tail or self._member.unused_data

    def end(self) -> None:
        if not self._member.eof:
            raise TruncatedError("The answer ends before it is unpacked.")

    def _step(self, packed: bytes) -> bytes:
        try:
            return self._member.decompress(packed, STEP)
        except zlib.error as error:
            raise GarbledError("The answer cannot be unpacked.") from error


def read_body(pieces: Iterable[bytes], encoding: str, body_bytes: int) -> bytes:
    """Raises TooLargeError above `body_bytes`, GarbledError, TruncatedError and TooSlowError."""
    body = bytearray()
    for piece in _unpack(pieces, encoding, body_bytes):
        body += piece
    return bytes(body)


def write_body(pieces: Iterable[bytes], encoding: str, body_bytes: int, file: IO[bytes]) -> None:
    """Into `file`, of which nothing is left before; raises as `read_body`."""
    file.seek(0)
    file.truncate()
    for piece in _unpack(pieces, encoding, body_bytes):
        file.write(piece)


def _unpack(pieces: Iterable[bytes], encoding: str, body_bytes: int) -> Iterator[bytes]:
    unpacker = _find_unpacker(encoding)
    size = 0
    is_empty = True
    for packed in pieces:
        left_s()  # an answer that is here already still takes time to unpack
        is_empty = is_empty and not packed
        # Unpacking stops at the bound: a small bomb must fill neither memory nor disk.
        for piece in unpacker.unpack(packed):
            size += len(piece)
            if size > body_bytes:
                raise TooLargeError(f"The answer is larger than {body_bytes:,} bytes.")
            yield piece
    if not is_empty:  # an answer without a body may say how it would have been packed
        unpacker.end()


def _find_unpacker(encoding: str) -> Unpacker:
    if encoding.lower() in ("gzip", "x-gzip"):
        return _Gzip()
    if encoding.lower() in ("", "identity"):
        return _Plain()
    raise GarbledError(f"The answer is packed as {encoding[:20]!r}, which was not asked for.")
