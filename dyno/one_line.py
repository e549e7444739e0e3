"""Text of strangers as it may stand in a log: on one line, without secrets, of bounded length."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from types import TracebackType

from dyno.redaction import redact

MAX_CHARACTERS = 2000
MAX_FRAMES = 50  # of one exception, the nearest to where it was raised
MAX_CHAIN = 10  # exceptions of which one led to the next


def tidy(text: str) -> str:
    """Redacted, cut, and nothing in it that a reader could take for a line of the log."""
    # Cut before, too: looking for secrets in megabytes would take seconds.
    return escape(_cut(redact(text[: 2 * MAX_CHARACTERS]), whole=len(text)))


def escape(text: str) -> str:
    r"""A line break becomes `\n`, and so does whatever else a terminal would obey or not show."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def format_chain(error: BaseException, trace: TracebackType | None) -> str:
    """Tracebacks as Python prints them, but each exception's own text on one line."""
    return "\n".join(_describe_chain(error, trace))


def _cut(text: str, *, whole: int) -> str:
    """`whole` is how long it was to begin with."""
    if max(len(text), whole) <= MAX_CHARACTERS:
        return text
    return f"{text[:MAX_CHARACTERS]} ... (cut, {whole} characters)"


def _describe_chain(error: BaseException, trace: TracebackType | None) -> Iterator[str]:
    parts = [(error, trace)]
    while (before := _find_cause(parts[-1][0])) and len(parts) < MAX_CHAIN:
        parts.append((before, before.__traceback__))
    for number, (part, its_trace) in enumerate(reversed(parts)):
        if number:
            yield "The exception above led to this one:"
        yield "Traceback (most recent call last):"
        yield "".join(traceback.format_tb(its_trace, limit=-MAX_FRAMES)).rstrip("\n")
        yield tidy("".join(traceback.format_exception_only(part)).rstrip("\n"))


def _find_cause(error: BaseException) -> BaseException | None:
    if error.__cause__ is not None or error.__suppress_context__:
        return error.__cause__
    return error.__context__
