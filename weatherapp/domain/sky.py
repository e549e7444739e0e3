"""Which of many hours' weather codes stands for all of them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

# Milder first; what is not named is left out.
SKIES: Final = (0, 1, 2, 3, 45, 48)
FALLS: Final = (
    *(51, 53, 80, 61, 55, 77, 71, 85, 81, 63, 73),  # light and moderate, then heavy
    *(86, 75, 82, 65, 56, 57, 66, 67),  # what freezes on the ground is worse than its amount
)
THUNDER: Final = (95, 96, 99)
_RANK: Final = {code: rank for rank, code in enumerate((*SKIES, *FALLS, *THUNDER))}
# So much of the time it must fall to stand for the whole: a ninth, a bit over an hour of a day.
LEAST_SHARE = 9


def pick_code(codes: Iterable[float]) -> int | None:
    """Thunder if any, else the worst of what falls unless that is short, else the commonest sky."""
    known = [int(code) for code in codes if int(code) in _RANK]
    thunder = [code for code in known if code in THUNDER]
    falls = [code for code in known if code in FALLS]
    if thunder:
        return max(thunder, key=_RANK.__getitem__)
    if len(falls) * LEAST_SHARE >= len(known) and falls:
        return max(falls, key=_RANK.__getitem__)
    skies = Counter(code for code in known if code in SKIES)
    return max(skies, key=lambda code: (skies[code], _RANK[code]), default=None)
