"""The page of an official warning."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from weatherapp.pages.conditional import conditional
from weatherapp.pages.official_warning import read_warning_page, read_warning_version
from weatherapp.pages.views import PageRequest


@require_safe
@conditional(read_warning_version)
def official_warning(request: PageRequest, pk: int) -> HttpResponse:
    page = read_warning_page(pk, now=timezone.now())
    template = "official/refresh.html" if request.htmx else "official/page.html"
    context: dict[str, Any] = {
        "page": page,
        "replay": None,
        "source_names": [],  # of the weather: there is none here
        "version": request.poll_version,
    }
    return render(request, template, context)
