"""An alert's changes, as the templates tell them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.template.loader import render_to_string

from weatherapp.models import AlertChange
from weatherapp.models.evidence import ConditionSeen, Evidence
from weatherapp.pages.alert_line import describe_worst_code


@dataclass(frozen=True, slots=True)
class HistoryLine:
    change: AlertChange
    evidence: Evidence

    @property
    def seen(self) -> ConditionSeen | None:
        return self.evidence.leading

    @property
    def weather(self) -> str:
        return describe_worst_code(self.seen)


def tell_history(changes: Iterable[AlertChange]) -> tuple[HistoryLine, ...]:
    return tuple(HistoryLine(change, change.read_evidence()) for change in changes)


def announce(change: AlertChange) -> str:
    """One sentence for a screen reader; `change.alert` has its rule and place."""
    (line,) = tell_history([change])
    return " ".join(render_to_string("alert/announcement.txt", {"item": line}).split())
