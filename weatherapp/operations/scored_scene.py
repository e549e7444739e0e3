"""The demo's scored past: a new demo shows at once how good the forecasts of its year were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from weatherapp.alerting.rule_skill import RuleKey, RuleSums, add_rule_sums, parse_leads
from weatherapp.forecasting.scoring.skill import SkillSums
from weatherapp.forecasting.scoring.skill_rows import SkillKey, add_skill
from weatherapp.intake.scenes.scored import load_scored
from weatherapp.models import Place, RuleVersion, SkillCount


@transaction.atomic
def load_scored_past(places: Sequence[Place]) -> int:
    """Of the replays of stations that were scored; how many places got theirs. Safe to call twice.

    Rules that were edited since are left out: what they say now was not judged.
    """
    scored = load_scored()
    stations: Mapping[str, Any] = scored["stations"]
    have = set(SkillCount.objects.filter(place__in=places).values_list("place_id", flat=True))
    new = [
        place
        for place in places
        if place.is_replay and place.station in stations and place.pk not in have
    ]
    versions = _find_versions(scored["rules"]) if new else {}
    for place in new:
        station = stations[place.station]
        add_skill(dict(_read_skill(place.pk, entry) for entry in station["skill"]))
        year = datetime.fromisoformat(station["skill"][0]["since_at"]).year
        add_rule_sums(
            {
                RuleKey(place.pk, versions[key], year): _read_rule(entry)
                for key, entry in station["rules"].items()
                if key in versions
            }
        )
    return len(new)


def _find_versions(definitions: Mapping[str, Any]) -> dict[str, int]:
    """By the catalogue's key, the newest version where it says what was judged."""
    rows = RuleVersion.objects.filter(rule__key__in=definitions).select_related("rule")
    newest = {row.rule.key: row for row in rows.order_by("number")}
    return {key: row.pk for key, row in newest.items() if row.definition == definitions[key]}


def _read_skill(place_id: int, entry: Mapping[str, Any]) -> tuple[SkillKey, SkillSums]:
    since_at, until_at = (datetime.fromisoformat(entry[name]) for name in ("since_at", "until_at"))
    key = SkillKey(place_id, since_at.year, "", entry["first_lead_hours"])
    numbers = ("cases", "wet_cases", *(name for name in entry if name.endswith("_squared_error")))
    sums = SkillSums(
        **{name: entry[name] for name in numbers},
        bins=[(cases, said, wet) for cases, said, wet in entry["bins"]],
        since_at=since_at,
        until_at=until_at,
    )
    return key, sums


def _read_rule(entry: Mapping[str, Any]) -> RuleSums:
    numbers = {name: value for name, value in entry.items() if name != "leads"}
    leads = parse_leads(entry["leads"])
    return RuleSums(**numbers, caught=leads.total(), leads=leads)
