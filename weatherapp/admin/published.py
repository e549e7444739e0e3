"""What went out for machines: each message as its readers got it."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from weatherapp.admin.history import HistoryAdmin
from weatherapp.models import PublishedMessage

REFERENCES = re.compile("<references>([^<]*)</references>")
BETWEEN_TAGS = re.compile(r"(?<=>)\s*(?=<)")
STATUSES = ("Actual", "Exercise", "Test")


class InForceFilter(admin.SimpleListFilter):
    title = _("in force")
    parameter_name = "in_force"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("yes", pgettext("a message", "not expired")),
            ("no", pgettext("a message", "expired")),
        ]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[PublishedMessage]
    ) -> QuerySet[PublishedMessage]:
        now = timezone.now()
        match self.value():
            case "yes":
                return queryset.filter(expires_at__gt=now)
            case "no":
                return queryset.filter(expires_at__lte=now)
        return queryset


class StatusFilter(admin.SimpleListFilter):
    """By what CAP has for it, without looking which of them there are among many rows."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(status, status) for status in STATUSES]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[PublishedMessage]
    ) -> QuerySet[PublishedMessage]:
        return queryset.filter(status=self.value()) if self.value() in STATUSES else queryset


@admin.register(PublishedMessage)
class PublishedMessageAdmin(HistoryAdmin[PublishedMessage]):
    list_display = ("sent_at", "place", "rule", "kind", "severity", "status", "expires_at")
    list_filter = (InForceFilter, "kind", "severity", StatusFilter)
    search_fields = ("identifier", "alert__place__name", "alert__rule__name")
    date_hierarchy = "sent_at"
    fields = (
        "address",
        "of_alert",
        "identifier",
        "sender",
        "kind",
        "message_type",
        "status",
        "sent_at",
        "onset_at",
        "ends_at",
        "expires_at",
        "severity",
        "urgency",
        "certainty",
        "referred",
        "referring",
        "is_signed",
        "shown_document",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PublishedMessage]:
        """A list of documents would be some hundred kilobytes that it does not show."""
        rows = super().get_queryset(request)
        return rows.select_related("alert__place", "alert__rule").defer("packed", "texts")

    @admin.display(description=_("place"), ordering="alert__place__name")
    def place(self, message: PublishedMessage) -> str:
        return message.alert.place.name

    @admin.display(description=_("rule"), ordering="alert__rule__name")
    def rule(self, message: PublishedMessage) -> str:
        return message.alert.rule.name

    @admin.display(description=_("address"))
    def address(self, message: PublishedMessage) -> SafeString:
        return format_html('<a href="{0}">{0}</a>', message.get_absolute_url())

    @admin.display(description=_("alert"))
    def of_alert(self, message: PublishedMessage) -> SafeString:
        address = reverse("admin:weatherapp_alert_change", args=[message.alert_id])
        return format_html('<a href="{}">{}</a>', address, message.alert)

    @admin.display(description=_("type (CAP)"))
    def message_type(self, message: PublishedMessage) -> str:
        return message.message_type

    @admin.display(description=_("refers to"))
    def referred(self, message: PublishedMessage) -> SafeString | str:
        return _show_messages(_list_references(message))

    @admin.display(description=_("is referred to by"))
    def referring(self, message: PublishedMessage) -> SafeString | str:
        later = PublishedMessage.objects.filter(alert=message.alert, number__gt=message.number)
        rows = [row for row in later.order_by("number") if _refers(row, message)]
        return _show_messages([row.identifier for row in rows])

    @admin.display(description=_("signed"), boolean=True)
    def is_signed(self, message: PublishedMessage) -> bool:
        return b"<SignatureValue>" in message.document

    @admin.display(description=_("document"))
    def shown_document(self, message: PublishedMessage) -> SafeString:
        """Indented for the eye; its address has it as it went out."""
        return format_html('<pre class="document">{}</pre>', indent(message.document.decode()))


def indent(document: str) -> str:
    """A line each tag, or each text with its tags; of the site's own writing, so that nobody parses XML here."""
    lines, depth = [], 0
    for part in BETWEEN_TAGS.split(document):
        depth -= part.startswith("</")
        lines.append("  " * depth + part)
        depth += not ("</" in part or part.startswith("<?") or part.endswith("/>"))
    return "\n".join(lines)


def _list_references(message: PublishedMessage) -> list[str]:
    """Identifiers of sender,identifier,sent."""
    found = REFERENCES.search(message.document.decode())
    return [reference.split(",")[1] for reference in found[1].split()] if found else []


def _refers(later: PublishedMessage, message: PublishedMessage) -> bool:
    return message.identifier in _list_references(later)


def _show_messages(identifiers: list[str]) -> SafeString | str:
    """A line each; a link where the message is still kept."""
    if not identifiers:
        return pgettext("messages", "none")
    kept = PublishedMessage.objects.filter(identifier__in=identifiers)
    keys = dict(kept.values_list("identifier", "pk"))
    return format_html_join(
        "", "<div>{}</div>", ((_link(one, keys.get(one)),) for one in identifiers)
    )


def _link(identifier: str, pk: int | None) -> SafeString | str:
    if pk is None:
        return identifier
    address = reverse("admin:weatherapp_publishedmessage_change", args=[pk])
    return format_html('<a href="{}">{}</a>', address, identifier)
