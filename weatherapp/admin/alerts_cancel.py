"""Cancelling alerts from the list: a page that asks for the note, then a step in each history."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from weatherapp import tasks
from weatherapp.admin.queueing import queue
from weatherapp.admin.recipients import count_recipients
from weatherapp.alerting.cancelling import cancel_alert
from weatherapp.delivery import outbox
from weatherapp.models import Alert

MOST_ALERTS = 100  # at once: each is a transaction of its own, and somebody waits


class NoteForm(forms.Form):
    note = forms.CharField(
        max_length=500,
        widget=forms.Textarea({"rows": 3, "cols": 60}),
        help_text=_("Why. Readers see it on the alert's page."),
    )


def cancel_alerts(
    site: admin.ModelAdmin[Alert], request: HttpRequest, alerts: QuerySet[Alert]
) -> HttpResponse | None:
    """The page that asks for the note; None once it is given and the open ones are cancelled."""
    chosen = list(alerts.order_by("pk")[: MOST_ALERTS + 1])
    if len(chosen) > MOST_ALERTS:
        messages.error(
            request,
            gettext("Nothing was cancelled: choose at most %(most)s at once.")
            % {"most": MOST_ALERTS},
        )
        return None
    form = NoteForm(request.POST if "confirmed" in request.POST else None)
    if not form.is_valid():
        return _ask(site, request, chosen, form)
    note = form.cleaned_data["note"]
    cancelled = [alert for alert in chosen if _cancel(alert, note)]
    for alert in cancelled:
        site.log_change(request, alert, f"Cancelled: {note}")
    _tell(request, len(cancelled), len(chosen) - len(cancelled))
    return None


@transaction.atomic
def _cancel(alert: Alert, note: str) -> bool:
    """The change and the mails that it owes are born together; False where it was over."""
    now = timezone.now()
    changes = cancel_alert(alert.pk, note=note, now=now)
    outbox.enqueue(changes, now=now)
    return bool(changes)


def _tell(request: HttpRequest, cancelled: int, over: int) -> None:
    if over:
        messages.warning(
            request, gettext("Over already, and left as they were: %(count)s.") % {"count": over}
        )
    if cancelled:
        messages.success(request, gettext("Cancelled: %(count)s.") % {"count": cancelled})
        queue(
            request,
            tasks.send_mails,
            told=gettext("Subscribers are being told."),
            failed=gettext("Subscribers are told when the queue is back."),
        )


def _ask(
    site: admin.ModelAdmin[Alert], request: HttpRequest, alerts: list[Alert], form: NoteForm
) -> HttpResponse:
    context: dict[str, Any] = site.admin_site.each_context(request) | {
        "title": gettext("Cancel with a note"),
        "opts": site.opts,
        "form": form,
        "alerts": alerts,
        "recipients": count_recipients(Alert.objects.filter(pk__in=[one.pk for one in alerts])),
        "open_count": sum(alert.is_open for alert in alerts),
    }
    return TemplateResponse(request, "admin/alerts/cancel.html", context)
