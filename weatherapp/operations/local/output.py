"""What all processes say, line by line: when, which of them, and what."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import cycle
from typing import IO, TextIO

RUNNER = "system"
COLOURS = (36, 33, 32, 35, 31, 34)  # cyan, yellow, green, magenta, red, blue
CHUNK_BYTES = 65_536
LONGEST_LINE_BYTES = 65_536  # what has no end must not fill the memory


class Output:
    """Prefixes lines as `12:00:00 worker    | text`; coloured where a terminal reads them."""

    def __init__(self, stream: TextIO, names: Sequence[str]) -> None:
        self._stream = stream
        self._width = max(map(len, [RUNNER, *names]))
        colours = zip(names, cycle(COLOURS), strict=False)
        self._colours = dict(colours) if stream.isatty() else {}

    def write(self, name: str, text: str) -> None:
        """One line of the process `name`."""
        time = f"{datetime.now():%H:%M:%S}"  # noqa: DTZ005 - the reader's own clock
        prefix = _colour(f"{time} {name:{self._width}}| ", self._colours.get(name))
        self._stream.write(f"{prefix}{text}\n")
        self._stream.flush()

    def say(self, text: str) -> None:
        """A line of the runner's own."""
        self.write(RUNNER, text)


class Lines:
    """The lines of a pipe, as they come."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self.pipe = pipe
        self.is_over = False
        self._rest = b""

    def read(self) -> Iterator[str]:
        """What is there by now; call it when the pipe is ready, else it waits."""
        chunk = os.read(self.pipe.fileno(), CHUNK_BYTES)
        self.is_over = not chunk
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if self._rest and (self.is_over or len(self._rest) > LONGEST_LINE_BYTES):
            lines.append(self._rest)
            self._rest = b""
        return (line.decode(errors="replace").rstrip("\r") for line in lines)


def _colour(text: str, colour: int | None) -> str:
    return text if colour is None else f"\033[{colour}m{text}\033[0m"
