"""The shipped models: how large each is, how long it learns and from whom."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recipe:
    """One model; its networks are averaged in one graph. Near ones bear, and need, more epochs.

    With a teacher, the outcome that a case is fitted to is a mixture of what happened and of
    what the teacher, who is larger and sees no blanks, thought of it.
    """

    hidden: tuple[int, ...]
    members: int
    epochs: int
    dropout: float
    near_hidden: tuple[int, ...] = ()
    near_members: int = 0
    near_epochs: int = 0
    near_dropout: float = 0.0
    batch_size: int = 1024
    teacher: Recipe | None = None
    teacher_share: float = 0.0


RAIN_FULL = Recipe(
    hidden=(256, 192, 128),
    members=4,
    near_hidden=(256, 192, 128),
    near_members=4,
    near_epochs=20,
    near_dropout=0.3,
    epochs=16,
    dropout=0.25,
)
RAIN_MINI = Recipe(
    hidden=(100, 76, 64),
    members=1,
    near_hidden=(76, 48),
    near_members=1,
    near_epochs=16,
    near_dropout=0.05,
    epochs=20,
    dropout=0.05,
    teacher=RAIN_FULL,
    teacher_share=0.6,
)
RECIPES = {"rain_mini": RAIN_MINI, "rain_full": RAIN_FULL}
