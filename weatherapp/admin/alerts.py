"""Alerts and what was decided about them, step by step."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.safestring import SafeString

from weatherapp.admin.history import HistoryAdmin
from weatherapp.admin.words import say_chance, show_stored
from weatherapp.models import Alert, AlertChange


class AlertChangeInline(admin.TabularInline[AlertChange, Any]):
    model = AlertChange
    fields = readonly_fields = ("changed_at", "new_state", "reason", "what_it_saw")
    verbose_name_plural = "steps"
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="what it saw")
    def what_it_saw(self, change: AlertChange) -> SafeString:
        return show_stored(change.evidence)


@admin.register(Alert)
class AlertAdmin(HistoryAdmin[Alert]):
    list_display = ("raised_at", "place", "rule_name", "state", "chance", "peak", "ended_at")
    list_filter = ("state", "place", "rule__name")
    list_select_related = ("place", "rule")
    search_fields = ("place__name", "rule__name")
    date_hierarchy = "raised_at"
    inlines = (AlertChangeInline,)
    fields = (
        "place",
        "rule",
        "state",
        "raised_at",
        "confirmed_at",
        "ended_at",
        "chance",
        "peak",
    )

    @admin.display(description="rule", ordering="rule__name")
    def rule_name(self, alert: Alert) -> str:
        return alert.rule.name

    @admin.display(description="chance", ordering="probability")
    def chance(self, alert: Alert) -> str:
        return say_chance(alert.probability)

    @admin.display(description="highest chance", ordering="peak_probability")
    def peak(self, alert: Alert) -> str:
        return say_chance(alert.peak_probability)
