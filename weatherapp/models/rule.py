"""When to raise an alert: rules, their versions, and what is remembered of them at a place."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from weatherapp.models.place import Place
from weatherapp.models.tag import Tag


class RuleScope(models.TextChoices):
    ALL = "ALL", _("all places")
    TAGS = "TAGS", _("places with one of the tags")
    PLACES = "PLACES", _("the chosen places")


class Rule(models.Model):
    """One row for all places that it looks at, however many.

    What it says is in its versions: an edit makes a new one, and history keeps the one that it was
    decided by.
    """

    name = models.CharField(
        _("name"), max_length=80, help_text=_("What a reader sees, for example “Rain soon”.")
    )
    key = models.SlugField(
        _("key in the catalogue"),
        max_length=40,
        blank=True,
        editable=False,
        help_text=_("Its name in the site's catalogue; empty: a rule of one's own."),
    )
    is_active = models.BooleanField(_("is active"), default=True)
    scope = models.CharField(_("scope"), max_length=10, choices=RuleScope, default=RuleScope.ALL)
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), blank=True, related_name="rules")
    places = models.ManyToManyField(
        Place, verbose_name=_("places"), blank=True, related_name="chosen_by"
    )
    yields_to_official = models.BooleanField(
        _("yields to official warnings"),
        default=False,
        help_text=_(
            "No mail of its alerts while an official warning of the same kind of weather, and at"
            " least as severe, is in force at the place. The alerts stay on the pages."
        ),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100, editable=False)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["order", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=~Q(key=""), name="one_rule_a_catalogue_key"
            )
        ]

    def __str__(self) -> str:
        return self.name


class RuleVersion(models.Model):
    """What a rule says, as alerting/engine/wire.py writes it. Never edited."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    is_from_catalogue = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Who wrote it in the admin; empty: the site's own, or somebody who is gone."),
    )

    class Meta:
        ordering = ["rule", "-number"]
        get_latest_by = "number"
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="one_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id}, version {self.number}"


class HeldState(models.TextChoices):
    PENDING = "PENDING", _("it holds, and the alert is held back")
    REARMING = "REARMING", _("an alert is over, and the next one must wait")


class RuleStateQuerySet(models.QuerySet["RuleState"]):
    def due(self, now: datetime) -> RuleStateQuerySet:
        """Those that time alone may change by `now` (real time)."""
        return self.filter(check_at__lte=now)


class RuleState(models.Model):
    """What is remembered of a rule at a place without an open alert; what is normal has no row."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="rule_states")
    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="rule_states")
    state = models.CharField(max_length=10, choices=HeldState)
    since_at = models.DateTimeField(help_text=_("By the place's clock."))
    evaluations = models.PositiveSmallIntegerField(default=0)
    gates = models.JSONField(default=list, help_text=_("What has held the alert back since then."))
    marks = models.JSONField(default=dict, help_text=_("Of when the facts were, by basis."))
    check_at = models.DateTimeField(
        db_index=True, help_text=_("When time alone may change it next (real time).")
    )

    objects = RuleStateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "place"], name="one_state_a_rule_and_place")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} at {self.place_id}: {self.state}"
