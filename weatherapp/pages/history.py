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


def announce(changes: Iterable[AlertChange], *, is_cut: bool = False) -> str:
    """A sentence each for a screen reader; each `change.alert` has its rule and place."""
    said = {"lines": tell_history(changes), "is_cut": is_cut}
    return " ".join(render_to_string("alert/announcements.txt", said).split())
