"""A few lines in so many bytes of UTF-8, whole characters only. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ELLIPSIS, ASCII_ELLIPSIS = "…", ".."
SHORT_NAME = 24  # bytes: rather than shorter names, lines that can be missed are left out
JOINER = "\N{ZERO WIDTH JOINER}"
# What NFKD does not take apart, and how people write it without.
_PLAIN = str.maketrans(
    {
        "°": "",
        "–": "-",
        "—": "-",
        "−": "-",
        "’": "'",
        "\N{LEFT SINGLE QUOTATION MARK}": "'",
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "…": "...",
        "≥": ">=",
        "≤": "<=",
        "ß": "ss",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "ø": "o",
        "Ø": "O",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "þ": "th",
        "Þ": "Th",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """`name`, between the other two, may be cut; the line with the highest `rank` is left out first.

    Rank 0 always stays: all such lines together leave room for their names.
    """

    before: str
    name: str = ""
    after: str = ""
    rank: int = 0

    def show(self, name_bytes: int, ellipsis: str) -> str:
        return f"{self.before}{cut(self.name, name_bytes, ellipsis)}{self.after}"


def fit(lines: Sequence[Line], limit: int, *, ellipsis: str = ELLIPSIS) -> str:
    """As many of the lines as there is room for, in their order, with names as long as can be.

    At most `limit` bytes, with a line feed after each line.
    """
    for kept in _leave_out(lines):
        is_least = all(line.rank == 0 for line in kept)
        if (text := _fit_names(kept, limit, ellipsis, 0 if is_least else SHORT_NAME)) is not None:
            return text
    whole = "\n".join(line.show(0, ellipsis) for line in lines if line.rank == 0)
    return cut(whole, limit - 1, ellipsis) + "\n"


def cut(text: str, limit: int, ellipsis: str = ELLIPSIS) -> str:
    """`text` in at most `limit` bytes: never a part of a character, nor one without its accents."""
    if count_bytes(text) <= limit:
        return text
    room = limit - count_bytes(ellipsis)
    if room <= 0:
        return ""
    end = len(text.encode()[:room].decode(errors="ignore"))
    while end > 0 and (_is_part_of_last(text[end]) or text[end - 1] == JOINER):
        end -= 1
    kept = text[:end].rstrip()
    return kept + ellipsis if kept else ""


def to_ascii(text: str) -> str:
    """As people write it on a keyboard without accents; a question mark for what has no such form."""
    taken_apart = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    bare = "".join(char for char in taken_apart if not unicodedata.combining(char))
    return bare.encode("ascii", errors="replace").decode("ascii")


def count_bytes(text: str) -> int:
    return len(text.encode())


def _leave_out(lines: Sequence[Line]) -> Iterable[list[Line]]:
    """All, then without the one that can best be missed, and so on."""
    kept = list(lines)
    yield list(kept)
    while any(line.rank for line in kept):
        kept.remove(max(reversed(kept), key=lambda line: line.rank))
        yield list(kept)


def _fit_names(lines: Sequence[Line], limit: int, ellipsis: str, shortest: int) -> str | None:
    """None where there is no room even for names of `shortest` bytes each."""
    frames = sum(count_bytes(line.before) + count_bytes(line.after) + 1 for line in lines)
    longest = max((count_bytes(line.name) for line in lines), default=0)
    if frames > limit:
        return None
    for name_bytes in range(longest, min(shortest, longest) - 1, -1):
        text = "".join(line.show(name_bytes, ellipsis) + "\n" for line in lines)
        if count_bytes(text) <= limit:
            return text
    return None


def _is_part_of_last(char: str) -> bool:
    """What is written onto the character before it."""
    is_skin_tone = "\N{EMOJI MODIFIER FITZPATRICK TYPE-1-2}" <= char <= "\U0001f3ff"
    return char == JOINER or is_skin_tone or unicodedata.category(char) in ("Mn", "Mc", "Me")
