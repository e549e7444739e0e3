"""Sends a test mail to who asks, by the way that all mails take, and says how that ended."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

import redis
from django.contrib import admin, messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods
from kombu.exceptions import OperationalError

from weatherapp import tasks
from weatherapp.delivery.trial_mail import Result, read_result


@require_http_methods(["GET", "POST"])
@permission_required("weatherapp.view_outgoingserver", raise_exception=True)
def test_mail(request: HttpRequest) -> HttpResponse:
    """Once sent, `?sent=` names the try, and the page asks for its end every few seconds."""
    address = getattr(request.user, "email", "")
    if request.method == "POST" and address:
        return _queue(request, address)
    name = request.GET.get("sent", "")
    context: dict[str, Any] = admin.site.each_context(request) | {
        "title": gettext("Send a test mail"),
        "address": address,
        "name": name,
        "result": _read(name) if name else None,
    }
    return render(request, "admin/test_mail.html", context)


def _queue(request: HttpRequest, address: str) -> HttpResponse:
    name = secrets.token_hex(8)
    page = reverse("admin:test_mail")
    try:
        tasks.send_test_mail.delay(name=name, address=address, language=get_language() or "en")
    except OperationalError:
        messages.error(request, gettext("Nothing was sent. The queue (Redis) cannot be reached."))
        return redirect(page)
    return redirect(f"{page}?{urlencode({'sent': name})}")


def _read(name: str) -> Result | None:
    try:
        return read_result(name)
    except redis.RedisError:
        return None
