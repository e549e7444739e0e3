"""The wall clock of a real process, set forward and back while it runs."""

from __future__ import annotations

import time
from pathlib import Path

MINUTE_S = 60


class WrongClock:
    """Give `environment` to the process."""

    def __init__(self, folder: Path, *, ahead_s: float = 0) -> None:
        self._file = folder / "ahead"
        self.set(ahead_s=ahead_s)
        self.environment = {
            "WRONG_CLOCK": str(self._file),
            "PYTHONPATH": str(Path(__file__).parent),  # Python looks there for sitecustomize.py
        }

    def set(self, *, ahead_s: float) -> None:
        """Take effect at once, by a file that is never half written."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{ahead_s:.3f}")
        new.replace(self._file)


def ahead_at_second(second: float) -> float:
    """How far ahead, by less than a minute, a clock is that shows that second now."""
    return (second - time.time()) % MINUTE_S
