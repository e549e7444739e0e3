"""A change of an alert as the mails' templates say it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from weatherapp.delivery.beside import list_beside
from weatherapp.models import AlertChange, ChangeReason, Place, Scene, SourceName
from weatherapp.models.evidence import ConditionSeen


class MailKind(StrEnum):
    """What a mail tells: its titles and first words are templates of that name."""

    RAISED = "raised"
    ESCALATED = "escalated"
    ENDED = "ended"
    EXPIRED = "expired"
    OFF = "off"
    CANCELLED = "cancelled"


MOST_BESIDE = 3  # official warnings that a mail about an alert names

# Of other changes nobody is mailed: docs/alerting.md says why.
KINDS = {
    ChangeReason.RAISED: MailKind.RAISED,
    ChangeReason.ESCALATED: MailKind.ESCALATED,
    ChangeReason.CLEARED: MailKind.ENDED,
    ChangeReason.NOT_CONFIRMED: MailKind.EXPIRED,
    ChangeReason.NO_DATA: MailKind.EXPIRED,
    ChangeReason.RULE_OFF: MailKind.OFF,
    ChangeReason.PLACE_OFF: MailKind.OFF,
    ChangeReason.CANCELLED: MailKind.CANCELLED,
}


def describe_change(change: AlertChange) -> dict[str, Any]:
    """Everything a template needs; what the decision did not know is None or empty."""
    alert, evidence = change.alert, change.read_evidence()
    kind = KINDS[ChangeReason(change.reason)]
    is_worsening = kind in (MailKind.RAISED, MailKind.ESCALATED)
    return {
        "alert": alert,
        "change": change,
        "told": change,  # whose onset and end are said
        "place": alert.place,
        "rule": alert.rule,
        "rule_version": change.rule_version,
        "scene": scene_of(alert.place),
        "kind": kind.value,
        "title_template": f"mail/{kind}-title.txt",
        "lead_template": f"mail/{kind}-lead.txt",
        "is_worsening": is_worsening,
        "beside": list_beside(change)[:MOST_BESIDE] if is_worsening else [],
        "seen": evidence.leading,
        "leading_codes": evidence.leading.worst_codes if evidence.leading else [],
        "conditions": [
            {"seen": seen, "codes": seen.worst_codes, "source_name": name_source(seen)}
            for seen in evidence.conditions
        ],
    }


def scene_of(place: Place) -> Scene | None:
    """The replay that the place's weather comes from."""
    return Scene.objects.first() if place.is_replay else None


def name_source(seen: ConditionSeen) -> str:
    """As people know it."""
    is_known = seen.source in SourceName.values
    return str(SourceName(seen.source).label) if is_known else seen.source
