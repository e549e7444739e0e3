"""/llms.txt: what programs that read for people should know of this site (https://llmstxt.org)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

MARKDOWN = "text/markdown; charset=utf-8"


@require_safe
@cache_control(max_age=3600)
def llms(request: HttpRequest) -> HttpResponse:
    """In English, as its readers expect."""
    context = {"site_name": settings.SITE_NAME, "site_url": settings.SITE_URL}
    return render(request, "operations/llms.txt", context, content_type=MARKDOWN)
