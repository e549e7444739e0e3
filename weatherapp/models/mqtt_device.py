"""What of a place the MQTT broker holds."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from weatherapp.models.place import Place


class MqttDeviceQuerySet(models.QuerySet["MqttDevice"]):
    def aged(self, since: datetime, *, now: datetime) -> MqttDeviceQuerySet:
        """Those last published before, or whose place was fetched after that; the oldest first.

        And those of the future, which a wrong clock wrote.
        """
        fetched = Place.objects.filter(
            pk=OuterRef("place_id"), fetched_at__gt=OuterRef("published_at")
        )
        old = Q(published_at__isnull=True) | Q(published_at__lte=since) | Q(published_at__gt=now)
        return self.filter(old | Exists(fetched)).order_by(F("published_at").asc(nulls_first=True))

    def forget_sent(self) -> None:
        """The broker has forgotten everything: all is new to it."""
        self.update(config_hash="", published_at=None)


class MqttDevice(models.Model):
    """The place is named by its number alone: what the broker holds outlives the place's row."""

    place_id = models.BigIntegerField(_("number of the place"), primary_key=True)
    config_hash = models.CharField(
        _("hash of the description"),
        max_length=40,
        blank=True,
        help_text=_("Of the device as it was last described; empty: it is to be described again."),
    )
    change_id = models.BigIntegerField(
        _("newest change"), default=0, help_text=_("The newest change of alerts before that.")
    )
    message_id = models.BigIntegerField(
        _("newest message"), default=0, help_text=_("The newest published message before that.")
    )
    published_at = models.DateTimeField(
        _("published at"), null=True, blank=True, db_index=True, help_text=_("Real time.")
    )

    objects = MqttDeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("MQTT device")
        verbose_name_plural = _("MQTT devices")
        ordering = ["place_id"]

    def __str__(self) -> str:
        return str(self.place_id)
