"""How good forecasts and alerts were: sums that only grow, a few rows a place and year."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from weatherapp.models.packed import PackedJSONField
from weatherapp.models.place import Place
from weatherapp.models.rule import RuleVersion
from weatherapp.models.stored import as_number, as_whole_number, read_list


class SkillCount(models.Model):
    """Of one place, or of the whole site: what was said of its hours, against what came.

    A case is one hour as one prediction spoke of it, so each hour is a case once for each lead time
    of the band. Squared errors are sums; the Brier score is their mean.
    """

    place = models.ForeignKey(
        Place,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="skill_counts",
        help_text="Empty: all places of the site together.",
    )
    year = models.PositiveSmallIntegerField(help_text="Of the hours (UTC).")
    source = models.CharField(
        max_length=20, blank=True, help_text="Who else spoke of the hours; empty: nobody."
    )
    first_lead_hours = models.PositiveSmallIntegerField(help_text="Names the band.")
    since_at = models.DateTimeField(help_text="The oldest hour that is counted.")
    until_at = models.DateTimeField(help_text="The newest hour that is counted.")
    cases = models.PositiveBigIntegerField(default=0)
    wet_cases = models.PositiveBigIntegerField(default=0)
    model_squared_error = models.FloatField(default=0.0)
    source_squared_error = models.FloatField(default=0.0, help_text="0 where `source` is empty.")
    site_squared_error = models.FloatField(default=0.0)
    climatology_squared_error = models.FloatField(default=0.0)
    bins = PackedJSONField(
        default=list,
        help_text="A tenth of the site's probabilities each: cases, sum of what was said, wet cases.",
    )

    class Meta:
        ordering = ["place", "-year", "source", "first_lead_hours"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "year", "source", "first_lead_hours"],
                condition=Q(place__isnull=False),
                name="one_skill_count_a_place",
            ),
            models.UniqueConstraint(
                fields=["year", "source", "first_lead_hours"],
                condition=Q(place__isnull=True),
                name="one_skill_count_of_all",
            ),
            models.CheckConstraint(
                name="skill_wet_within_cases", condition=Q(wet_cases__lte=F("cases"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id or 'all'}, {self.year}, from {self.first_lead_hours} h"

    def read_bins(self) -> list[tuple[int, float, int]]:
        """What another release wrote, too: a bin that cannot be read counts nothing."""
        return [_read_bin(stored) for stored in read_list(self.bins, f"skill {self.pk}")]


def _read_bin(stored: object) -> tuple[int, float, int]:
    if not isinstance(stored, list) or len(stored) != 3:
        return 0, 0.0, 0
    cases, said, wet = (
        as_whole_number(stored[0]),
        as_number(stored[1]),
        as_whole_number(stored[2]),
    )
    return (0, 0.0, 0) if cases is None or said is None or wet is None else (cases, said, wet)


class RuleSkill(models.Model):
    """Of one version of a rule at one place, or at all: its alerts against what came.

    `hits` + `false_alarms` are the alerts that could be judged; of `events`, `caught` had an alert
    before they began, `late` only afterwards, and the others none.
    """

    place = models.ForeignKey(
        Place,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="rule_skills",
        help_text="Empty: all places of the site together.",
    )
    version = models.ForeignKey(RuleVersion, on_delete=models.CASCADE, related_name="skills")
    year = models.PositiveSmallIntegerField(help_text="Of what is judged (UTC).")
    hits = models.PositiveIntegerField(default=0, help_text="Alerts that saw what they spoke of.")
    false_alarms = models.PositiveIntegerField(default=0)
    unknown = models.PositiveIntegerField(
        default=0, help_text="Alerts of which too little was measured to tell."
    )
    events = models.PositiveIntegerField(default=0)
    caught = models.PositiveIntegerField(default=0, help_text="With an alert before they began.")
    late = models.PositiveIntegerField(default=0, help_text="With an alert only afterwards.")
    leads = models.JSONField(default=dict, help_text="Whole hours of lead -> caught events.")

    class Meta:
        ordering = ["place", "version", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["place", "version", "year"],
                condition=Q(place__isnull=False),
                name="one_rule_skill_a_place",
            ),
            models.UniqueConstraint(
                fields=["version", "year"],
                condition=Q(place__isnull=True),
                name="one_rule_skill_of_all",
            ),
            models.CheckConstraint(
                name="rule_skill_caught_within_events",
                condition=Q(events__gte=F("caught") + F("late")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} at {self.place_id or 'all'}, {self.year}"
