"""The replayed weather: which scene runs, and where its clock stands."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class Scene(models.Model):
    """One replay of past weather.

    While it is being played from the start, `playing_at` is its clock. Afterwards the anchor ties
    scene time to real time, so that a second start goes on where the clock is.
    """

    name = models.SlugField(unique=True, help_text="Which scene of the replay source this is.")
    title = models.CharField(max_length=120)
    starts_at = models.DateTimeField(help_text="Scene time of the first played hour.")
    plays_until_at = models.DateTimeField(
        help_text="Scene time at which the real clock takes over."
    )
    playing_at = models.DateTimeField(
        null=True, blank=True, help_text="Scene time of the hour being played; empty afterwards."
    )
    anchor_scene_at = models.DateTimeField(null=True, blank=True)
    anchor_real_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="scene_anchor_is_whole",
                condition=models.Q(anchor_scene_at__isnull=True, anchor_real_at__isnull=True)
                | models.Q(anchor_scene_at__isnull=False, anchor_real_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_anchored(self) -> bool:
        """Whether the scene was played to its end and now runs by the real clock."""
        return self.anchor_scene_at is not None

    def time_at(self, now: datetime) -> datetime:
        """Scene time at the real time `now`."""
        if self.anchor_scene_at is not None and self.anchor_real_at is not None:
            return self.anchor_scene_at + (now - self.anchor_real_at)
        return self.playing_at or self.starts_at
