"""How sure a share is that was counted in few cases. Pure."""

from __future__ import annotations

import math

Z_95 = 1.96


def find_interval(count: int, cases: int, *, z: float = Z_95) -> tuple[float, float]:
    """Wilson's interval of a share, 0..1: by default the true one is within in 95 of 100 times.

    Raises ValueError where there is no case, or more counted than cases.
    """
    if not 0 <= count <= cases or cases == 0:
        raise ValueError(f"{count} of {cases} is no share")
    share, spread = count / cases, z * z / cases
    centre = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
    return max(centre - half, 0.0), min(centre + half, 1.0)
