"""The mail of an alert's step as a subscriber gets it, in each language; nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import permission_required
from django.core.mail import EmailMultiAlternatives
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from weatherapp.admin.mail_pages import framed, may_frame_mails
from weatherapp.delivery.messages import write_alert_mail
from weatherapp.delivery.wording import KINDS
from weatherapp.display.reader import current_units
from weatherapp.models import Alert, AlertChange, Delivery, Subscription

NOBODY = "reader@example.org"
LANGUAGES = dict(settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Preview:
    """As admin/mail_shown.html shows it; `language` is its code, `name` the language's own."""

    language: str
    name: str
    sender: str
    to: str
    subject: str
    text: str
    html_address: str


@require_safe
@permission_required("weatherapp.view_alert", raise_exception=True)
@may_frame_mails
def show_alert_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Of the newest step that people are mailed of, or of `?step=`."""
    alert = get_object_or_404(Alert.objects.select_related("rule", "place"), pk=pk)
    steps = list(_list_steps(pk))
    chosen = _choose(steps, request.GET.get("step", ""))
    previews = [_preview(chosen, language) for language in LANGUAGES] if chosen else []
    context = admin.site.each_context(request) | {
        "title": gettext("What subscribers get"),
        "alert": alert,
        "steps": steps,
        "chosen": chosen,
        "previews": previews,
    }
    return render(request, "admin/alerts/mail.html", context)


@framed
@require_safe
@permission_required("weatherapp.view_alert", raise_exception=True)
def show_alert_mail_html(request: HttpRequest, pk: int, step: int, language: str) -> HttpResponse:
    chosen = _choose(list(_list_steps(pk)), str(step))
    if chosen is None or language not in LANGUAGES:
        raise Http404("There is no such mail.")
    html, _ = write_preview(chosen, language).alternatives[0]
    return HttpResponse(cast(str, html))


def write_preview(change: AlertChange, language: str) -> EmailMultiAlternatives:
    """To nobody: its links lead to no subscription. In the units of who looks."""
    subscription = Subscription(
        pk=0,
        place=change.alert.place,
        email=NOBODY,
        language=language,
        units=str(current_units()),
    )
    at = change.created_at
    return write_alert_mail(Delivery(pk=0, change=change, subscription=subscription, created_at=at))


def _list_steps(alert_id: int) -> QuerySet[AlertChange]:
    """Those that people are mailed of, the newest first."""
    steps = AlertChange.objects.filter(alert=alert_id, reason__in=list(KINDS))
    related = steps.select_related("alert__place", "alert__rule", "rule_version")
    return related.order_by("-created_at", "-pk")


def _choose(steps: list[AlertChange], wished: str) -> AlertChange | None:
    if not wished:
        return steps[0] if steps else None
    found = [step for step in steps if str(step.pk) == wished]
    if not found:
        raise Http404("Nobody was mailed of this step.")
    return found[0]


def _preview(change: AlertChange, language: str) -> Preview:
    mail = write_preview(change, language)
    args = (change.alert_id, change.pk, language)
    return Preview(
        language=language,
        name=LANGUAGES[language],
        sender=mail.from_email,
        to=mail.to[0],
        subject=str(mail.subject),
        text=str(mail.body),
        html_address=reverse("admin:alert_mail_html", args=args),
    )
