"""Rules: when to raise an alert, for which places, and what they said before."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from weatherapp.admin.attention_rules import rules_that_always_fire, rules_that_never_fired
from weatherapp.admin.generic import ModelAdmin
from weatherapp.admin.recipients import count_recipients
from weatherapp.admin.rules_effect import (
    apply_rules,
    count_open_alerts,
    restore_rules,
    store_version,
    switch_rules,
)
from weatherapp.admin.rules_form import SHOWN_NAMES, RuleForm
from weatherapp.alerting.rulebook import read_version
from weatherapp.models import Alert, Rule, RuleScope, RuleVersion

SHOWN_VERSIONS = 20
ROW_FIELDS = ("name", "is_active", "scope", "tags", "places", "yields_to_official")


class OriginFilter(admin.SimpleListFilter):
    title = _("origin")
    parameter_name = "origin"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("site", pgettext("a rule", "the site's own")),
            ("edited", pgettext("a rule", "edited here")),
            ("added", pgettext("a rule", "added here")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Of rules as the page's own queryset annotates them."""
        match self.value():
            case "site":
                return queryset.exclude(key="").filter(newest_is_from_catalogue=True)
            case "edited":
                return queryset.exclude(key="").exclude(newest_is_from_catalogue=True)
            case "added":
                return queryset.filter(key="")
        return queryset


class RaisedFilter(admin.SimpleListFilter):
    title = _("alerts of the last 30 days")
    parameter_name = "raised"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("never", pgettext("alerts of a rule", "none")),
            ("always", pgettext("alerts of a rule", "one that hardly ever ended")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        match self.value():
            case "never":
                return queryset.filter(pk__in=rules_that_never_fired(timezone.now()).values("pk"))
            case "always":
                return queryset.filter(pk__in=rules_that_always_fire(timezone.now()).values("pk"))
        return queryset


@admin.register(Rule)
class RuleAdmin(ModelAdmin[Rule]):
    """A rule that comes with the site, or that has raised alerts, is switched off, not deleted."""

    class Media:
        css = {"all": ["css/rules_admin.css"]}

    form = RuleForm
    list_display = ("name", "sentence", "where", "is_active", "open_alerts", "origin")
    list_filter = ("is_active", "scope", OriginFilter, RaisedFilter)
    list_per_page = 50
    search_fields = ("name", "key", "tags__name", "places__name")
    actions = ("switch_on", "switch_off", "restore")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rule]:
        newest = RuleVersion.objects.filter(rule=OuterRef("pk")).order_by("-number")
        alerts = (
            Alert.objects.open()
            .filter(rule=OuterRef("pk"))
            .order_by()
            .values("rule")
            .annotate(count=Count("pk"))
        )
        return (
            super()
            .get_queryset(request)
            .annotate(
                newest_version=Subquery(newest.values("pk")[:1]),
                newest_is_from_catalogue=Subquery(newest.values("is_from_catalogue")[:1]),
                definition=Subquery(newest.values("definition")[:1]),
                open_count=Coalesce(Subquery(alerts.values("count")), 0),
            )
            .prefetch_related("tags", "places")
        )

    def get_fieldsets(self, request: HttpRequest, obj: Rule | None = None) -> Any:
        """Who may only look reads the sentence, which says the rest."""
        row = (None, {"fields": ROW_FIELDS})
        if obj is not None and not self.has_change_permission(request, obj):
            return (row,)
        return (
            row,
            (
                _("Patience"),
                {
                    "fields": (
                        ("pending_evaluations", "pending_minutes"),
                        ("keep_firing_minutes", "rearm_minutes"),
                        "lead_from_hours",
                        "no_data_policy",
                    )
                },
            ),
            (_("Season and hours of the day"), {"fields": ("months", ("from_hour", "to_hour"))}),
        )

    def has_delete_permission(self, request: HttpRequest, obj: Rule | None = None) -> bool:
        if obj is not None and (obj.key or obj.alerts.exists()):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> Any:
        """Deleting is for one rule at a time, on its own page, where it is allowed at all."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        rule = self.get_object(request, object_id) if object_id else None
        context = self._describe(rule) if rule else {}
        return super().changeform_view(
            request, object_id, form_url, (extra_context or {}) | context
        )

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        is_new_version = store_version(request, form.instance, form.says)
        reach = {"is_active", "scope", "tags", "places"}
        if is_new_version or reach.intersection(form.changed_data):
            apply_rules(request, [form.instance.pk])

    @admin.display(description=_("what it says"))
    def sentence(self, rule: Any) -> str:
        version = RuleVersion(pk=rule.newest_version, definition=rule.definition or {})
        says = read_version(version) if rule.newest_version else None
        return render_to_string("admin/rules/sentence.html", {"says": says})

    @admin.display(description=_("where"), ordering="scope")
    def where(self, rule: Rule) -> str:
        return render_to_string("admin/rules/where.html", _describe_scope(rule))

    @admin.display(description=_("open alerts"), ordering="open_count")
    def open_alerts(self, rule: Any) -> int:
        return int(rule.open_count)

    @admin.display(description=_("origin"))
    def origin(self, rule: Any) -> str:
        return render_to_string("admin/rules/origin.html", {"rule": rule})

    @admin.action(description=_("Switch on"), permissions=["change"])
    def switch_on(self, request: HttpRequest, queryset: QuerySet[Rule]) -> None:
        switch_rules(request, _list_ids(queryset), is_active=True)

    @admin.action(description=_("Switch off: ends their open alerts"), permissions=["change"])
    def switch_off(self, request: HttpRequest, queryset: QuerySet[Rule]) -> HttpResponse | None:
        ids = _list_ids(queryset)
        if request.POST.get("confirmed") == "yes":
            switch_rules(request, ids, is_active=False)
            return None
        context = self.admin_site.each_context(request) | {
            "title": gettext("Switch off"),
            "opts": self.opts,
            "rules": Rule.objects.filter(pk__in=ids),
            "open_count": count_open_alerts(ids),
            "recipients": count_recipients(Alert.objects.filter(rule__in=ids)),
        }
        return TemplateResponse(request, "admin/rules/switch_off.html", context)

    @admin.action(description=_("Back to the site's own"), permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Rule]) -> None:
        restored = restore_rules(request, list(queryset))
        if not restored:
            told = gettext("None of these is a rule of the site that was edited here.")
            messages.warning(request, told)

    def _describe(self, rule: Any) -> dict[str, Any]:
        versions = list(rule.versions.select_related("created_by")[:SHOWN_VERSIONS])
        return {
            "rule": rule,
            "open_count": rule.open_count,
            "newest_alert": rule.alerts.order_by("-raised_at").values_list("pk", flat=True).first(),
            "versions": [(version, read_version(version)) for version in versions],
            "all_versions": rule.versions.count(),
        }


def _list_ids(rules: QuerySet[Rule]) -> list[int]:
    return list(rules.order_by("pk").values_list("pk", flat=True))


def _describe_scope(rule: Rule) -> dict[str, Any]:
    names: list[str] = []
    if rule.scope == RuleScope.TAGS:
        names = [tag.name for tag in rule.tags.all()]
    if rule.scope == RuleScope.PLACES:
        names = [place.name for place in rule.places.all()]
    return {"rule": rule, "names": names[:SHOWN_NAMES], "more": len(names[SHOWN_NAMES:])}
