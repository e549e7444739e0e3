"""A message of an authority as it was read: what events are folded from."""

from __future__ import annotations

import zlib

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from weatherapp.models.warning_source import WarningSource

NAME_AT_MOST = 400  # characters of an identifier, or of an event's key


class OfficialMessage(models.Model):
    """One a source and identifier: a newer one of the same identifier takes its place.

    `links` are names that it has in common with messages about the same event, as
    official/events/links.py makes them: of the message itself, of those that it refers to, of VTEC.
    """

    source = models.ForeignKey(
        WarningSource,
        verbose_name=_("source of warnings"),
        on_delete=models.CASCADE,
        related_name="messages",
        db_index=False,  # the constraint's index begins with it
    )
    identifier = models.CharField(_("identifier"), max_length=NAME_AT_MOST)
    sent_at = models.DateTimeField(_("sent"))
    is_summary = models.BooleanField(
        _("is a summary"),
        default=False,
        help_text=_("Only what the feed's entry says; the whole message has not come."),
    )
    address = models.CharField(
        _("address"),
        max_length=2000,
        blank=True,
        help_text=_("Of the document that it came in; empty: in the feed itself."),
    )
    links = models.JSONField(_("links"), default=list)
    packed = models.BinaryField(_("message"), help_text=_("JSON, by zlib."))
    stored_at = models.DateTimeField(_("stored at"))
    seen_at = models.DateTimeField(_("last seen in the feed"))
    event = models.ForeignKey(
        "weatherapp.OfficialEvent",
        verbose_name=_("event"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="messages",
        help_text=_("That it tells of; of several the first."),
    )

    class Meta:
        verbose_name = _("official message")
        verbose_name_plural = _("official messages")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "identifier"], name="one_message_a_source_and_identifier"
            )
        ]
        indexes = [
            models.Index(
                fields=["seen_at"],
                condition=Q(event__isnull=True),
                name="official_message_left",
            )
        ]

    def __str__(self) -> str:
        return self.identifier

    @property
    def document(self) -> bytes:
        return zlib.decompress(self.packed)
