"""One person to tell about one change: of an alert, or of an official warning."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from weatherapp.models.alert import AlertChange
from weatherapp.models.official_warning import OfficialChange
from weatherapp.models.subscription import Subscription


class DeliveryState(models.TextChoices):
    PENDING = "PENDING", _("to be sent")
    SENT = "SENT", _("sent")
    FAILED = "FAILED", _("given up")
    DROPPED = "DROPPED", _("not sent")


class DropReason(models.TextChoices):
    """Why a mail that was owed is not sent: names of delivery/policy.py's decisions."""

    UNWANTED = "UNWANTED", _("no longer wanted")
    OVERTAKEN = "OVERTAKEN", _("the alert was over, or worse, before")
    UNHEARD = "UNHEARD", _("nothing of the alert was told before")
    OUTDATED = "OUTDATED", _("too old")
    INHIBITED = "INHIBITED", _("an official warning says as much")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> DeliveryQuerySet:
        """Pending, its time has come, and nobody holds it."""
        return self.filter(
            Q(claimed_until__isnull=True) | Q(claimed_until__lte=now),
            state=DeliveryState.PENDING,
            due_at__lte=now,
        )


class Delivery(models.Model):
    """The outbox row. Unique, so that nobody is told twice.

    It is about one of the two kinds of change. A mail about an official warning is for the mailbox,
    and names all places of its owner that the warning is at: `subscription` is one of theirs.
    """

    change = models.ForeignKey(
        AlertChange,
        verbose_name=_("change"),
        on_delete=models.CASCADE,
        related_name="deliveries",
        null=True,
        blank=True,
    )
    official_change = models.ForeignKey(
        OfficialChange,
        verbose_name=_("change of an official warning"),
        on_delete=models.CASCADE,
        related_name="deliveries",
        null=True,
        blank=True,
        db_index=False,  # the constraint's index begins with it
    )
    subscription = models.ForeignKey(
        Subscription,
        verbose_name=_("subscription"),
        on_delete=models.CASCADE,
        related_name="deliveries",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=DeliveryState, default=DeliveryState.PENDING
    )
    created_at = models.DateTimeField(_("created at"))
    due_at = models.DateTimeField(
        _("due at"), help_text=_("Not before; moves on after a failed try.")
    )
    claimed_until = models.DateTimeField(
        _("claimed until"),
        null=True,
        blank=True,
        help_text=_("A worker holds it until then; afterwards another may."),
    )
    attempts = models.PositiveSmallIntegerField(
        _("attempts"),
        default=0,
        help_text=_("Tries that ended with an answer about this mail, or with a crash."),
    )
    maybe_sent = models.BooleanField(
        _("maybe sent"),
        default=False,
        help_text=_("A try ended without an answer: it may have arrived."),
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    failed_at = models.DateTimeField(
        _("given up at"), null=True, blank=True, help_text=_("When it was given up.")
    )
    drop_reason = models.CharField(
        _("reason for not sending"), max_length=10, choices=DropReason, blank=True
    )
    error = models.CharField(
        _("error"), max_length=500, blank=True, help_text=_("Why the last try failed.")
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        ordering = ["-created_at", "-pk"]
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(
                fields=["change", "subscription"], name="one_delivery_a_change_and_person"
            ),
            models.UniqueConstraint(
                fields=["official_change", "subscription"],
                name="one_delivery_an_official_change_and_person",
            ),
            models.CheckConstraint(
                name="delivery_of_one_change",
                condition=Q(change__isnull=True) ^ Q(official_change__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="delivery_due")]

    def __str__(self) -> str:
        what = self.change_id or f"official {self.official_change_id}"
        return f"{what} to {self.subscription_id}: {self.state}"

    @property
    def about(self) -> AlertChange | OfficialChange:
        """What it tells of."""
        change = self.change or self.official_change
        if change is None:  # the table does not let it
            raise ValueError(f"Delivery {self.pk} is about nothing.")
        return change

    def claim(self, *, now: datetime, until: datetime) -> bool:
        """Take the right to send it; False when somebody else has it or it is done."""
        # Who held it and did not say how it ended has perhaps sent it.
        maybe_sent = Case(When(claimed_until=None, then=F("maybe_sent")), default=Value(True))
        taken = (
            Delivery.objects.due(now)
            .filter(pk=self.pk)
            .update(claimed_until=until, attempts=F("attempts") + 1, maybe_sent=maybe_sent)
        )
        return taken == 1
