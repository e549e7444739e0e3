"""What was published of an alert: each message as it went out, for ever."""

from __future__ import annotations

import zlib
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from weatherapp.models.alert import CERTAINTY_CHOICES, SEVERITY_CHOICES, Alert, AlertChange


class MessageKind(models.TextChoices):
    """Words of publishing/decide.py."""

    ALERT = "ALERT", _("alert")
    UPDATE = "UPDATE", _("update")
    RENEWAL = "RENEWAL", _("renewal")
    ALL_CLEAR = "ALL_CLEAR", _("all clear")
    CANCEL = "CANCEL", _("cancellation")


# CAP's msgType; of all other kinds it is Update.
MESSAGE_TYPES = {MessageKind.ALERT: "Alert", MessageKind.CANCEL: "Cancel"}


class FrozenMessageError(Exception):
    """Somebody meant to change what was published: readers that have it would never learn of it."""


class PublishedMessage(models.Model):
    """Never edited. All times are real ones, of a replay too.

    `texts`: by language, what CAP's event, headline, description and instruction are.
    """

    alert = models.ForeignKey(
        Alert, verbose_name=_("alert"), on_delete=models.CASCADE, related_name="messages"
    )
    number = models.PositiveIntegerField(_("number"), help_text=_("Of the alert's messages."))
    change = models.ForeignKey(
        AlertChange,
        verbose_name=_("change"),
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("The newest that it tells of."),
    )
    kind = models.CharField(_("kind"), max_length=9, choices=MessageKind)
    identifier = models.CharField(_("identifier"), max_length=200, unique=True)
    sender = models.CharField(_("sender"), max_length=254)
    status = models.CharField(_("status"), max_length=8)
    sent_at = models.DateTimeField(_("sent"))
    onset_at = models.DateTimeField(_("onset"))
    ends_at = models.DateTimeField(_("end"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expires"))
    severity = models.CharField(_("severity"), max_length=8, choices=SEVERITY_CHOICES)
    urgency = models.CharField(_("urgency"), max_length=9)
    certainty = models.CharField(_("certainty"), max_length=8, choices=CERTAINTY_CHOICES)
    texts = models.JSONField(_("texts"))
    packed = models.BinaryField(_("document"), help_text=_("CAP 1.2, by zlib."))

    class Meta:
        verbose_name = _("published message")
        verbose_name_plural = _("published messages")
        ordering = ["-sent_at", "-pk"]
        indexes = [
            models.Index(fields=["expires_at"], name="message_expires"),
            models.Index(fields=["sent_at"], name="message_sent"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["alert", "number"], name="one_message_a_number"),
            models.UniqueConstraint(
                fields=["change"], condition=~Q(kind="RENEWAL"), name="one_message_a_change"
            ),
            models.CheckConstraint(
                name="message_expires_after_it_is_sent",
                condition=Q(expires_at__gt=F("sent_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.identifier

    def save(self, *args: Any, **options: Any) -> None:
        """Raises FrozenMessageError for a row that is stored already."""
        if not self._state.adding:
            raise FrozenMessageError(f"{self.identifier} was published and cannot be changed.")
        super().save(*args, **options)

    def get_absolute_url(self) -> str:
        return reverse("cap_message", args=[self.alert.public_id, self.number])

    @property
    def message_type(self) -> str:
        """CAP's msgType."""
        return MESSAGE_TYPES.get(MessageKind(self.kind), "Update")

    @property
    def document(self) -> bytes:
        return zlib.decompress(self.packed)


def pack_document(document: bytes) -> bytes:
    return zlib.compress(document, 9)
