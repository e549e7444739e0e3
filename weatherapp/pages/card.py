"""A place in small, for the frames of other sites: it may be framed by anybody."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from weatherapp.pages.conditional import conditional
from weatherapp.pages.place import read_place
from weatherapp.pages.versions import read_place_version
from weatherapp.pages.views import PageRequest

THEMES = ("light", "dark")
ANYBODY = "*"


@csp_replace({"frame-ancestors": [ANYBODY]})
@xframe_options_exempt
@require_safe
@conditional(read_place_version)
def place_card(request: PageRequest, pk: int) -> HttpResponse:
    """`?theme=light` or `dark`; without it, as the reader's system has it."""
    page = read_place(pk, now=timezone.now(), version=request.version)
    theme = request.GET.get("theme", "")
    context = {
        "page": page,
        "place_url": settings.SITE_URL + page.place.get_absolute_url(),
        "theme": theme if theme in THEMES else "",
    }
    return render(request, "place/card.html", context)
