"""Where a request ends in the bytes that have come. What it means is gunicorn's to say."""

from __future__ import annotations

import re

from dyno.buffering.limits import BODY_AT_MOST, HEAD_AT_MOST

HEAD_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"^content-length[ \t]*:[ \t]*(\d+)[ \t]*\r$", re.I | re.M)
_ENCODING = re.compile(rb"^transfer-encoding[ \t]*:", re.I | re.M)
_CONTINUE = re.compile(rb"^expect[ \t]*:[ \t]*100-continue[ \t]*\r$", re.I | re.M)
_BARE_LF = re.compile(rb"(?<!\r)\n")
_API = re.compile(rb"(?:\r\n)?[A-Z]+ /api/")
_LENGTH_DIGITS = 12  # more is too much, whatever they say


class RefusedError(Exception):
    """Answer `status` and close: the rest of the request is not worth waiting for."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class RequestBuffer:
    """The bytes of one connection: its next request, and what came behind it."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.end: int | None = None  # of the request in `data`; None while its head is unfinished
        self.wants_continue = False

    @property
    def is_whole(self) -> bool:
        return self.end is not None and len(self.data) >= self.end

    @property
    def is_for_api(self) -> bool:
        return bool(_API.match(self.data))

    def add(self, data: bytes) -> None:
        """Raises RefusedError as soon as the request is known to be refused."""
        searched = max(0, len(self.data) - len(HEAD_END) + 1)
        self.data += data
        if self.end is None:
            self._look_for_head(searched)

    def read(self, size: int) -> bytes:
        """Of this request alone; nothing when all of it is read."""
        taken = bytes(self.data[: min(size, self.end or 0)])
        del self.data[: len(taken)]
        self.end = (self.end or 0) - len(taken)
        return taken

    def begin_next(self) -> None:
        """The request is read; some of the next one may have come already."""
        self.end, self.wants_continue = None, False
        if self.data:
            self._look_for_head(0)

    def _look_for_head(self, searched: int) -> None:
        at = self.data.find(HEAD_END, searched, HEAD_AT_MOST)
        if at >= 0:
            self._read_head(bytes(self.data[: at + len(HEAD_END)]))
        elif len(self.data) >= HEAD_AT_MOST:
            raise RefusedError(431)
        elif _BARE_LF.search(self.data, searched):
            self.end = len(self.data)  # no head ever ends behind it: gunicorn says so at once

    def _read_head(self, head: bytes) -> None:
        """Anything odd (two lengths, for example) goes to gunicorn, which refuses it."""
        if _ENCODING.search(head):
            # Django reads bodies by their length alone: a chunked one would be thrown away.
            raise RefusedError(411)
        lengths = _LENGTH.findall(head)
        length = _parse_length(lengths[0]) if len(lengths) == 1 else 0
        self.end = len(head) + length
        self.wants_continue = length > 0 and bool(_CONTINUE.search(head))


def _parse_length(digits: bytes) -> int:
    if len(digits) > _LENGTH_DIGITS or int(digits) > BODY_AT_MOST:
        raise RefusedError(413)
    return int(digits)
