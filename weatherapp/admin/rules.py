"""Rules: when to raise an alert."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from weatherapp import tasks
from weatherapp.admin.queueing import queue
from weatherapp.admin.removal import RemovalAdmin
from weatherapp.admin.words import say_chance
from weatherapp.models import Alert, AlertChange, Delivery, Rule

FORM_FIELDS = ("name", "kind", "window_hours", "threshold", "margin", "is_active")


def queue_evaluation(request: HttpRequest, place_id: int) -> None:
    """Apply the place's rules as they are now: who edits them wants to see the effect."""
    queue(
        request,
        tasks.evaluate_place,
        told="The place's rules are being applied.",
        failed="The rules are stored, but are only applied with the next prediction.",
        place_id=place_id,
    )


class RuleInline(admin.StackedInline[Rule, Any]):
    model = Rule
    extra = 0
    fields = (("name", "kind"), ("window_hours", "threshold", "margin"), "is_active")
    show_change_link = True


@admin.register(Rule)
class RuleAdmin(RemovalAdmin[Rule]):
    list_display = ("name", "place", "condition", "is_active", "state", "latest", "evaluated_at")
    list_filter = ("is_active", "state", "kind", "place")
    list_select_related = ("place",)
    search_fields = ("name", "place__name")
    autocomplete_fields = ("place",)
    actions = ("switch_on", "switch_off")
    readonly_fields = ("state", "latest", "evaluated_at")
    fieldsets = (
        (None, {"fields": ("place", *FORM_FIELDS)}),
        ("Now", {"fields": ("state", "latest", "evaluated_at")}),
    )
    history = ((Alert, "rule"), (AlertChange, "alert__rule"), (Delivery, "change__alert__rule"))

    def save_model(self, request: HttpRequest, obj: Rule, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        queue_evaluation(request, obj.place_id)

    @admin.display(description="raises at", ordering="threshold")
    def condition(self, rule: Rule) -> str:
        chance, end = say_chance(rule.threshold), say_chance(rule.threshold - rule.margin)
        return f"{chance} within {rule.window_hours} h (ends below {end})"

    @admin.display(description="chance now", ordering="latest_probability")
    def latest(self, rule: Rule) -> str:
        return say_chance(rule.latest_probability)

    @admin.action(description="Switch on", permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Rule]) -> None:
        _switch(request, queryset, is_active=True)

    @admin.action(description="Switch off: ends their alerts", permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Rule]) -> None:
        _switch(request, queryset, is_active=False)


def _switch(request: HttpRequest, rules: QuerySet[Rule], *, is_active: bool) -> None:
    place_ids = sorted(set(rules.values_list("place_id", flat=True)))
    count = rules.update(is_active=is_active)
    messages.success(request, f"Switched {'on' if is_active else 'off'}: {count}.")
    for place_id in place_ids:
        queue_evaluation(request, place_id)
