"""What search engines are asked to leave alone: nothing there is for their readers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

CLOSED = (
    "/admin/",
    "/api/v1/",
    "/health",
    "/metrics",
    "/offline",
    "/predictions/",
    "/preferences",
    "/queue-status",
    "/subscriptions/",
    "/*?*units=",
)


@require_safe
@cache_control(max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    return render(request, "operations/robots.txt", {"closed": CLOSED}, content_type="text/plain")
