"""Who asked never to be written to."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Suppression(models.Model):
    """Found again when the address is typed; the row alone says nothing about whose it is."""

    digest = models.CharField(
        _("digest"), max_length=64, unique=True, help_text=_("A keyed hash of the mailbox.")
    )
    created_at = models.DateTimeField(_("created at"))

    class Meta:
        verbose_name = _("suppression")
        verbose_name_plural = _("suppressions")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.digest[:12]
