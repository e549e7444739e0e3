"""Warnings of the authorities, as readers see them: never an Alert of a rule.

A source tells of events (OfficialEvent). Several sources may tell of one and the same danger: their
events are one warning (OfficialWarning), and readers hear of it once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from weatherapp.domain.cap import Severity
from weatherapp.domain.official_hazards import OfficialHazard
from weatherapp.models.alert import CERTAINTY_CHOICES, HAZARD_CHOICES, SEVERITY_CHOICES
from weatherapp.models.official_message import NAME_AT_MOST
from weatherapp.models.packed import PackedJSONField
from weatherapp.models.place import Place
from weatherapp.models.warning_source import WarningSource

# Authorities may leave it open; our own rules may not.
ANY_SEVERITY_CHOICES = [
    *SEVERITY_CHOICES,
    (Severity.UNKNOWN.value, pgettext_lazy("severity", "Unknown")),
]

_ALSO_OURS = [(value, label) for value, label in HAZARD_CHOICES if value in set(OfficialHazard)]
OFFICIAL_HAZARD_CHOICES = [
    *_ALSO_OURS,
    (OfficialHazard.TORNADO.value, pgettext_lazy("kind of weather", "Tornado")),
    (OfficialHazard.CYCLONE.value, pgettext_lazy("kind of weather", "Tropical storm")),
    (OfficialHazard.FLOOD.value, pgettext_lazy("kind of weather", "Flood")),
    (OfficialHazard.COAST.value, pgettext_lazy("kind of weather", "Sea and coast")),
    (OfficialHazard.FIRE.value, pgettext_lazy("kind of weather", "Fire")),
    (OfficialHazard.AVALANCHE.value, pgettext_lazy("kind of weather", "Avalanche")),
    (OfficialHazard.AIR.value, pgettext_lazy("kind of weather", "Air quality")),
    (OfficialHazard.DROUGHT.value, pgettext_lazy("kind of weather", "Drought")),
]


class EndReason(models.TextChoices):
    """Words of official/events/event.py's Ending, in capitals, and one of the site's own."""

    CANCELLED = "CANCELLED", _("cancelled by the issuer")
    SUPERSEDED = "SUPERSEDED", _("replaced by another warning")
    EXPIRED = "EXPIRED", _("expired")
    WITHDRAWN = "WITHDRAWN", _("withdrawn: no longer in the issuer's list")
    UNKNOWN = "UNKNOWN", _("nobody said when it ends")
    SOURCE_OFF = "SOURCE_OFF", _("its source is no longer asked")


class OfficialReason(models.TextChoices):
    """What became of a warning: words of official/changes.py."""

    ISSUED = "ISSUED", _("issued")
    SPREAD = "SPREAD", _("now for more places")
    ESCALATED = "ESCALATED", _("more severe")
    REDUCED = "REDUCED", _("less severe")
    EXTENDED = "EXTENDED", _("goes on for longer")
    SHORTENED = "SHORTENED", _("ends earlier")
    CANCELLED = "CANCELLED", _("cancelled by the issuer")
    SUPERSEDED = "SUPERSEDED", _("replaced by another warning")
    EXPIRED = "EXPIRED", _("expired")
    WITHDRAWN = "WITHDRAWN", _("withdrawn: no longer in the issuer's list")
    UNKNOWN = "UNKNOWN", _("nobody said when it ends")
    SOURCE_OFF = "SOURCE_OFF", _("its source is no longer asked")


class StandingQuerySet(models.QuerySet[Any]):
    """Of rows with `onset_at`, `ends_at` and `ended_at`."""

    def open(self, now: datetime) -> StandingQuerySet:
        """In force or to come; what has run out is not waited for to be noted."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), ended_at__isnull=True)

    def in_force(self, now: datetime) -> StandingQuerySet:
        return self.open(now).filter(onset_at__lte=now)


class OfficialWarning(models.Model):
    """One danger, whoever warns of it. What it says is of its gravest event that is not over.

    All times are real ones.
    """

    public_id = models.UUIDField(_("public identifier"), unique=True, default=uuid4, editable=False)
    hazard = models.CharField(_("kind of weather"), max_length=13, choices=OFFICIAL_HAZARD_CHOICES)
    severity = models.CharField(_("severity"), max_length=8, choices=ANY_SEVERITY_CHOICES)
    onset_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(
        _("ends at"), null=True, blank=True, help_text=_("Empty: the issuer does not say.")
    )
    told_ends_at = models.DateTimeField(
        _("end as last told"),
        null=True,
        blank=True,
        help_text=_("What the newest change said of the end."),
    )
    created_at = models.DateTimeField(_("first seen"))
    changed_at = models.DateTimeField(_("last changed"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_because = models.CharField(
        _("reason for the end"), max_length=10, choices=EndReason, blank=True
    )

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("official warning")
        verbose_name_plural = _("official warnings")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["ended_at", "ends_at"], name="official_warning_open")]

    def __str__(self) -> str:
        return f"{self.get_hazard_display()}, {self.severity}, {self.onset_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("official_warning", args=[self.pk])

    @property
    def is_over(self) -> bool:
        return self.ended_at is not None

    def is_open(self, now: datetime) -> bool:
        """As StandingQuerySet.open."""
        return self.ended_at is None and (self.ends_at is None or self.ends_at > now)


class OfficialEvent(models.Model):
    """What one source tells of one danger, as it stands by its newest messages.

    `texts`: a list, each by language what CAP's info says (official/texts.py). `area` holds what
    positions are compared with, and `codes` what the codes of places are compared with.
    """

    warning = models.ForeignKey(
        OfficialWarning,
        verbose_name=_("official warning"),
        on_delete=models.CASCADE,
        related_name="events",
    )
    source = models.ForeignKey(
        WarningSource,
        verbose_name=_("source of warnings"),
        on_delete=models.CASCADE,
        related_name="events",
        db_index=False,  # the constraint's index begins with it
    )
    key = models.CharField(_("key"), max_length=NAME_AT_MOST, help_text=_("It stays."))
    hazard = models.CharField(_("kind of weather"), max_length=13, choices=OFFICIAL_HAZARD_CHOICES)
    issuer = models.CharField(_("issuer"), max_length=200)
    severity = models.CharField(_("severity"), max_length=8, choices=ANY_SEVERITY_CHOICES)
    certainty = models.CharField(_("certainty"), max_length=8, choices=CERTAINTY_CHOICES)
    urgency = models.CharField(_("urgency"), max_length=9)
    sent_at = models.DateTimeField(_("sent"), help_text=_("The newest message."))
    onset_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_because = models.CharField(
        _("reason for the end"), max_length=10, choices=EndReason, blank=True
    )
    refold_at = models.DateTimeField(
        _("next look at"),
        null=True,
        blank=True,
        help_text=_("When time alone may change what it says."),
    )
    identifiers = models.JSONField(
        _("identifiers"), default=list, help_text=_("Of all of its messages, the oldest first.")
    )
    heads = models.JSONField(
        _("standing messages"), default=list, help_text=_("Identifiers of those that stand.")
    )
    languages = models.JSONField(_("languages"), default=list)
    texts = PackedJSONField(_("texts"), default=list)
    areas = models.JSONField(_("areas"), default=list, help_text=_("In the issuer's words."))
    area = PackedJSONField(_("shape"), default=dict, digits=5)
    codes = models.JSONField(_("codes of areas"), default=list)
    unresolved = models.JSONField(
        _("unknown areas"),
        default=list,
        help_text=_("In words alone, or with codes that no table here has: no place can match."),
    )
    created_at = models.DateTimeField(_("first seen"))
    changed_at = models.DateTimeField(_("last changed"))

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("official event")
        verbose_name_plural = _("official events")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="one_event_a_source_and_key")
        ]
        indexes = [
            models.Index(fields=["ended_at", "ends_at"], name="official_event_open"),
            models.Index(
                fields=["refold_at"],
                condition=Q(refold_at__isnull=False),
                name="official_event_refold",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class OfficialPlace(models.Model):
    """A place in the area of an event, as last matched."""

    # The constraint's index begins with the event.
    event = models.ForeignKey(
        OfficialEvent, on_delete=models.CASCADE, related_name="places", db_index=False
    )
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="official_places")
    since_at = models.DateTimeField(_("since"))

    class Meta:
        ordering = ["event", "place"]
        constraints = [models.UniqueConstraint(fields=["event", "place"], name="one_event_a_place")]

    def __str__(self) -> str:
        return f"{self.event_id} at {self.place_id}"


class OfficialChange(models.Model):
    """One step in a warning's life: history and outbox at once. What it says is never edited.

    It is for the places that the warning is at; SPREAD only for those that came in just then.
    `is_silent` ones are told to nobody: of what was there when its source was first read.
    """

    warning = models.ForeignKey(
        OfficialWarning,
        verbose_name=_("official warning"),
        on_delete=models.CASCADE,
        related_name="changes",
    )
    reason = models.CharField(_("reason"), max_length=10, choices=OfficialReason)
    severity = models.CharField(_("severity"), max_length=8, choices=ANY_SEVERITY_CHOICES)
    onset_at = models.DateTimeField(_("begins at"))
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    created_at = models.DateTimeField(_("changed at"))
    is_silent = models.BooleanField(_("told to nobody"), default=False)
    awaits_mails = models.BooleanField(
        _("awaits mails"),
        default=False,
        editable=False,
        help_text=_("Whoever is to be told of it has no row in the outbox yet."),
    )

    class Meta:
        verbose_name = _("change of an official warning")
        verbose_name_plural = _("changes of official warnings")
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(awaits_mails=True), name="official_change_awaits_mails"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}, {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_end(self) -> bool:
        return self.reason in EndReason.values
