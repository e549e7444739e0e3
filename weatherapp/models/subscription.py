"""Who wants to be told about a place."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from weatherapp.models.place import Place


def make_nonce() -> str:
    return secrets.token_hex(6)


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def confirmed(self) -> SubscriptionQuerySet:
        return self.filter(confirmed_at__isnull=False, unsubscribed_at__isnull=True)

    def unconfirmed(self) -> SubscriptionQuerySet:
        return self.filter(Q(confirmed_at__isnull=True) | Q(unsubscribed_at__isnull=False))


class Subscription(models.Model):
    """One address for one place; mail goes out only between confirmation and farewell."""

    place = models.ForeignKey(
        Place, verbose_name=_("place"), on_delete=models.CASCADE, related_name="subscriptions"
    )
    email = models.EmailField(
        _("e-mail address"), help_text=_("As its owner wrote it; mail is sent to this.")
    )
    # The one form of it that is looked up and unique: see delivery/addresses.py.
    email_key = models.CharField(_("mailbox"), max_length=254, db_index=True, editable=False)
    # As its owner read the page when asking: mails are written so.
    language = models.CharField(_("language"), max_length=10, default="en", editable=False)
    units = models.CharField(
        _("units"),
        max_length=20,
        default="metric",
        editable=False,
        help_text=_("As domain/units.py reads them."),
    )
    # In links to confirm; leaving makes a new one, so that an old mail brings nobody back.
    confirm_nonce = models.CharField(
        _("nonce of the link"), max_length=12, default=make_nonce, editable=False
    )
    created_at = models.DateTimeField(_("asked at"), help_text=_("The newest asking."))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    unsubscribed_at = models.DateTimeField(_("unsubscribed at"), null=True, blank=True)
    # The mail with the link to confirm, or for who is confirmed a fresh link to leave, is a job of
    # its own: asked for, claimed by a worker, sent.
    confirmation_due_at = models.DateTimeField(
        _("confirmation mail due at"), null=True, blank=True, editable=False
    )
    confirmation_claimed_until = models.DateTimeField(
        _("confirmation mail claimed until"), null=True, blank=True, editable=False
    )
    confirmation_sent_at = models.DateTimeField(
        _("confirmation mail sent at"), null=True, blank=True, editable=False
    )
    confirmation_attempts = models.PositiveSmallIntegerField(
        _("attempts at the confirmation mail"), default=0, editable=False
    )
    confirmation_error = models.CharField(
        _("error of the confirmation mail"), max_length=500, blank=True, editable=False
    )
    # A mail server said that there is no such mailbox: nothing is sent there again unasked.
    bounced_at = models.DateTimeField(_("bounced at"), null=True, blank=True, editable=False)
    bounce_reason = models.CharField(
        _("reason of the bounce"), max_length=500, blank=True, editable=False
    )

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["confirmation_due_at"], name="subscription_confirm_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "email_key"], name="one_subscription_an_address"
            )
        ]

    def __str__(self) -> str:
        """Without the address: the admin's log keeps this for ever."""
        return f"{self.place}, {self.pk}"

    @property
    def is_confirmed(self) -> bool:
        return self.confirmed_at is not None and self.unsubscribed_at is None

    def claim_confirmation(self, *, now: datetime, until: datetime) -> bool:
        """Take the right to send the confirmation mail; False when it is not due or taken."""
        return (
            Subscription.objects.filter(pk=self.pk, confirmation_due_at__isnull=False)
            .filter(
                Q(confirmation_claimed_until__isnull=True) | Q(confirmation_claimed_until__lte=now)
            )
            .update(
                confirmation_claimed_until=until,
                confirmation_attempts=F("confirmation_attempts") + 1,
            )
            == 1
        )
