"""A server outside that the site hands its work to, and whether it is left alone for a while."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutgoingServer(models.Model):
    """A circuit breaker's state: closed, open until a time, and then half open: one may try."""

    name = models.CharField(_("name"), max_length=20, primary_key=True)
    failures = models.PositiveIntegerField(
        _("failures"), default=0, help_text=_("Since it last answered.")
    )
    open_until = models.DateTimeField(
        _("left alone until"),
        null=True,
        blank=True,
        help_text=_("Left alone until then; afterwards one mail tries."),
    )
    last_error = models.CharField(_("last error"), max_length=500, blank=True)
    last_failure_at = models.DateTimeField(_("last failure at"), null=True, blank=True)
    last_success_at = models.DateTimeField(_("last success at"), null=True, blank=True)
    run_queued_until = models.DateTimeField(
        _("run queued until"),
        null=True,
        blank=True,
        help_text=_("A run waits on the queue: until then nobody needs to queue another."),
    )

    class Meta:
        verbose_name = _("outgoing server")
        verbose_name_plural = _("outgoing servers")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def is_resting(self, now: datetime) -> bool:
        return self.open_until is not None and self.open_until > now
