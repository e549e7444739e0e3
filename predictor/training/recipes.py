"""The shipped models: how large each is and how long it learns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """One model; `members` networks are trained apart and averaged in one graph."""

    hidden: tuple[int, ...]
    members: int
    epochs: int
    batch_size: int = 1024
    dropout: float = 0.15


RECIPES = {
    "rain_mini": Recipe(hidden=(128, 96, 96), members=1, epochs=10),
    "rain_full": Recipe(hidden=(256, 192, 128), members=4, epochs=10, dropout=0.25),
}
