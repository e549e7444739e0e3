"""What authorities told and what became of it: to be read, never edited.

Relations are shown as links, or searched for: no list of places or messages is ever read whole.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from weatherapp.admin.history import HistoryAdmin
from weatherapp.models import (
    OfficialChange,
    OfficialEvent,
    OfficialMessage,
    OfficialWarning,
)

EVENTS_SHOWN = 20
WORDS = (
    ("event", _("event")),
    ("headline", _("headline")),
    ("description", _("description")),
    ("instruction", _("instruction")),
)


class StandsFilter(admin.SimpleListFilter):
    title = _("stands")
    parameter_name = "stands"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("not over")), ("no", _("over"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in ("yes", "no"):
            return queryset.filter(ended_at__isnull=self.value() == "yes")
        return queryset


@admin.register(OfficialWarning)
class OfficialWarningAdmin(HistoryAdmin[OfficialWarning]):
    list_display = ("hazard", "severity", "onset_at", "ends_at", "ended_at", "changed_at")
    list_filter = (StandsFilter, "severity", "hazard", "ended_because")
    search_fields = ("=pk", "events__issuer", "events__source__key")
    date_hierarchy = "created_at"
    readonly_fields = ("told_by",)

    @admin.display(description=_("official events"))
    def told_by(self, warning: OfficialWarning) -> SafeString:
        events = warning.events.select_related("source").only("key", "issuer", "source__issuer")
        return _list_links(
            ((event, f"{event.issuer}, {event.source.issuer}") for event in events[:EVENTS_SHOWN]),
            "officialevent",
        )


@admin.register(OfficialEvent)
class OfficialEventAdmin(HistoryAdmin[OfficialEvent]):
    list_display = ("issuer", "source", "hazard", "severity", "sent_at", "ends_at", "ended_at")
    list_filter = (StandsFilter, "severity", "hazard", "ended_because")
    list_select_related = ("source",)
    search_fields = ("key", "issuer", "source__key")
    date_hierarchy = "sent_at"
    exclude = ("texts", "area", "codes", "identifiers", "heads")
    readonly_fields = ("says", "its_messages")

    def get_queryset(self, request: HttpRequest) -> QuerySet[OfficialEvent]:
        return super().get_queryset(request).defer("area", "codes")

    @admin.display(description=_("texts"))
    def says(self, event: OfficialEvent) -> SafeString:
        lines = (
            (text.get("language", ""), label, text[name])
            for text in event.texts or ()
            for name, label in WORDS
            if text.get(name)
        )
        return format_html_join("", "<p>{} – {}: {}</p>", lines)

    @admin.display(description=_("official messages"))
    def its_messages(self, event: OfficialEvent) -> SafeString:
        rows = event.messages.only("identifier")[:EVENTS_SHOWN]
        return _list_links(((row, row.identifier) for row in rows), "officialmessage")


@admin.register(OfficialMessage)
class OfficialMessageAdmin(HistoryAdmin[OfficialMessage]):
    list_display = ("identifier", "source", "sent_at", "seen_at", "is_summary")
    list_filter = ("is_summary",)
    list_select_related = ("source",)
    search_fields = ("identifier", "source__key")
    date_hierarchy = "sent_at"
    exclude = ("packed",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OfficialMessage]:
        return super().get_queryset(request).defer("packed")


@admin.register(OfficialChange)
class OfficialChangeAdmin(HistoryAdmin[OfficialChange]):
    list_display = ("created_at", "reason", "warning", "severity", "ends_at", "is_silent")
    list_filter = ("reason", "severity", "is_silent")
    list_select_related = ("warning",)
    date_hierarchy = "created_at"


def _list_links(rows: Any, model: str) -> SafeString:
    """Rows with what each is called, as a list."""
    items = (
        (reverse(f"admin:weatherapp_{model}_change", args=[row.pk]), words) for row, words in rows
    )
    return format_html("<ul>{}</ul>", format_html_join("", '<li><a href="{}">{}</a></li>', items))
