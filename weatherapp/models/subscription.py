"""Who wants to be told about a place."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from weatherapp.models.place import Place


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def confirmed(self) -> SubscriptionQuerySet:
        return self.filter(confirmed_at__isnull=False, unsubscribed_at__isnull=True)


class Subscription(models.Model):
    """One address for one place; mail goes out only between confirmation and farewell."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="subscriptions")
    email = models.EmailField()
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    unsubscribed_at = models.DateTimeField(null=True, blank=True)
    # The confirmation mail is a job of its own: asked for, claimed by a worker, sent.
    confirmation_due_at = models.DateTimeField(null=True, blank=True, editable=False)
    confirmation_claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    confirmation_sent_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["confirmation_due_at"], name="subscription_confirm_due")]
        constraints = [
            models.UniqueConstraint("place", Lower("email"), name="one_subscription_an_address")
        ]

    def __str__(self) -> str:
        return f"{self.email} for {self.place}"

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
            .update(confirmation_claimed_until=until)
            == 1
        )
