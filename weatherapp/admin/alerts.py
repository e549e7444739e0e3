"""Alerts and what was decided about them, step by step; an operator may cancel one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from weatherapp.admin.alerts_cancel import cancel_alerts
from weatherapp.admin.alerts_mail import show_alert_mail, show_alert_mail_html
from weatherapp.admin.filters import CountryFilter
from weatherapp.admin.generic import StackedInline
from weatherapp.admin.history import HistoryAdmin
from weatherapp.models import Alert, AlertChange
from weatherapp.models.evidence import Evidence


class OpenFilter(admin.SimpleListFilter):
    title = _("open")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("yes", pgettext("an alert", "open")),
            ("no", pgettext("an alert", "over")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Alert]) -> QuerySet[Alert]:
        match self.value():
            case "yes":
                return queryset.filter(ended_at__isnull=True)
            case "no":
                return queryset.filter(ended_at__isnull=False)
        return queryset


class AlertChangeInline(StackedInline[AlertChange, Any]):
    model = AlertChange
    fields = (
        ("changed_at", "new_state", "reason"),
        ("severity", "onset_at", "ends_at"),
        "note",
        "what_it_saw",
    )
    readonly_fields = (
        "changed_at",
        "new_state",
        "reason",
        "severity",
        "onset_at",
        "ends_at",
        "note",
        "what_it_saw",
    )
    verbose_name_plural = _("steps")
    can_delete = False
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet[AlertChange]:
        return super().get_queryset(request).select_related("rule_version")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("what it saw"))
    def what_it_saw(self, change: AlertChange) -> str:
        return _show_evidence(change.read_evidence(), version=change.rule_version.number)


@admin.register(Alert)
class AlertAdmin(HistoryAdmin[Alert]):
    class Media:
        css = {"all": ["css/rules_admin.css"]}

    list_display = (
        "raised_at",
        "place",
        "rule",
        "severity",
        "state",
        "value",
        "ends_at",
        "ended_at",
    )
    list_filter = (OpenFilter, "severity", "state", "rule", ("place__country", CountryFilter))
    list_select_related = ("place", "rule")
    search_fields = ("place__name", "rule__name", "place__tags__name")
    date_hierarchy = "raised_at"
    actions = ("cancel",)
    inlines = (AlertChangeInline,)
    fields = (
        "place",
        "rule",
        "state",
        "since_at",
        "severity",
        "peak_severity",
        "certainty",
        "raised_at",
        "onset_at",
        "ends_at",
        "confirmed_at",
        "confirmed_until_at",
        "ended_at",
        "newest",
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Alert | None = None) -> Any:
        return self.fields

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/mail/", view(show_alert_mail), name="alert_mail"),
            path(
                "<int:pk>/mail/<int:step>/<str:language>/html",
                view(show_alert_mail_html),
                name="alert_mail_html",
            ),
            *super().get_urls(),
        ]

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("weatherapp.change_alert")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        may = {"may_cancel": self.has_cancel_permission(request)}
        return super().changeform_view(request, object_id, form_url, (extra_context or {}) | may)

    @admin.display(description=_("value"))
    def value(self, alert: Alert) -> str:
        seen = alert.read_evidence().leading
        return render_to_string("admin/alerts/value.html", {"seen": seen}).strip()

    @admin.display(description=_("newest facts"))
    def newest(self, alert: Alert) -> str:
        return _show_evidence(alert.read_evidence(), version=None)

    @admin.action(description=_("Cancel with a note"), permissions=["cancel"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Alert]) -> HttpResponse | None:
        return cancel_alerts(self, request, queryset)


def _show_evidence(evidence: Evidence, *, version: int | None) -> str:
    version = evidence.rule_version or version
    return render_to_string(
        "admin/alerts/evidence.html", {"evidence": evidence, "version": version}
    )
