"""Counted pasts, for the accuracy pages."""

from __future__ import annotations

from datetime import timedelta

from tests.factories import NOON
from weatherapp.forecasting.blending.bands import BANDS
from weatherapp.models import RuleSkill, SkillCount

# Cases and wet cases of a tenth each; what was said is the middle.
RELIABLE = ((7000, 300), (1500, 220), (600, 150), (300, 105), (150, 70), (90, 50), (50, 33))
EMPTY = ((0, 0),) * 3


def make_skill_counts(place=None, *, hours=2000, wet_hours=200, source="", **errors):
    """A row a band; mean squared errors of all parts are .05, of climatology .1, unless named."""
    bins = [
        [cases, round(cases * (index + 0.5) / 10, 2), wet]
        for index, (cases, wet) in enumerate((*RELIABLE, *EMPTY))
    ]
    for band in BANDS:
        cases = hours * band.lead_count
        means = {"model": 0.05, "source": 0.05 if source else 0.0, "site": 0.05, "climatology": 0.1}
        SkillCount.objects.create(
            place=place,
            year=2025,
            source=source,
            first_lead_hours=band.first_lead_hours,
            since_at=NOON - timedelta(days=200),
            until_at=NOON - timedelta(days=2),
            cases=cases,
            wet_cases=wet_hours * band.lead_count,
            bins=bins,
            **{f"{part}_squared_error": mean * cases for part, mean in (means | errors).items()},
        )


def make_rule_skill(
    rule, place=None, *, hits=31, false_alarms=9, events=36, caught=20, late=11, **more
):
    """31 of 40 alerts came true; of 36 events 20 had one before they began, 11 afterwards."""
    return RuleSkill.objects.create(
        place=place,
        version=rule.versions.latest(),
        year=2025,
        hits=hits,
        false_alarms=false_alarms,
        events=events,
        caught=caught,
        late=late,
        leads={"0": caught // 3, "4": caught - caught // 3},
        **more,
    )
