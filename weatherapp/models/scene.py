"""The replayed weather: which scene runs, and where its clock stands."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class Scene(models.Model):
    """One replay of past weather.

    While hours of it are being played, `playing_at` is its clock. Otherwise the anchor ties scene
    time to real time, so that a second start goes on where the clock is.
    """

    name = models.SlugField(
        _("name"), unique=True, help_text=_("Which scene of the replay source this is.")
    )
    title = models.CharField(_("title"), max_length=120)
    starts_at = models.DateTimeField(
        _("starts at"), help_text=_("Scene time of the first played hour.")
    )
    plays_until_at = models.DateTimeField(
        _("plays until"), help_text=_("Scene time at which the real clock takes over.")
    )
    playing_at = models.DateTimeField(
        _("playing at"),
        null=True,
        blank=True,
        help_text=_("Scene time of the hour being played; empty afterwards."),
    )
    anchor_scene_at = models.DateTimeField(_("scene time of the anchor"), null=True, blank=True)
    anchor_real_at = models.DateTimeField(_("real time of the anchor"), null=True, blank=True)

    class Meta:
        verbose_name = _("scene")
        verbose_name_plural = _("scenes")
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
        """Scene time at the real time `now`; while hours are played, the hour that is."""
        if self.playing_at is not None:
            return self.playing_at
        return self.anchored_time_at(now) if self.is_anchored else self.starts_at

    def anchored_time_at(self, now: datetime) -> datetime:
        """Scene time by the real clock. Raises ValueError before the scene is anchored."""
        if self.anchor_scene_at is None or self.anchor_real_at is None:
            raise ValueError(f"{self} was not played yet: its clock does not run")
        return self.anchor_scene_at + (now - self.anchor_real_at)
