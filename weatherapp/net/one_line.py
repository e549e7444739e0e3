"""Foreign text made fit for a log line, a row or a page."""

from __future__ import annotations

LONGEST = 300  # characters


def one_line(text: str, longest: int = LONGEST) -> str:
    """Printable, on one line, and cut: whoever wrote it can neither forge a line nor fill a disk."""
    # Cut before and after: four megabytes need not be looked at for their first words.
    head = text[: 4 * longest]
    line = " ".join("".join(char if char.isprintable() else " " for char in head).split())
    return line if len(line) <= longest and len(head) == len(text) else f"{line[: longest - 1]}…"
