"""The pages: read what was asked, read what is known, render."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe
from django_htmx.middleware import HtmxDetails

from weatherapp.models import Alert
from weatherapp.pages.alert import read_alert
from weatherapp.pages.conditional import conditional
from weatherapp.pages.forms import SubscribeForm
from weatherapp.pages.home import read_home
from weatherapp.pages.place import read_place
from weatherapp.pages.versions import (
    Version,
    read_alert_version,
    read_home_version,
    read_place_version,
)


class PageRequest(HttpRequest):
    """A request after HtmxMiddleware, in a conditional view."""

    htmx: HtmxDetails
    poll_version: str
    mark: str
    version: Version


@require_safe
@conditional(read_home_version)
def home(request: PageRequest) -> HttpResponse:
    page = read_home(
        now=timezone.now(),
        mark=request.mark,
        version=request.version,
        seen=read_number(request, "seen"),
        page=request.GET.get("page"),
        search=request.GET.get("q", ""),
    )
    template = "home/refresh.html" if request.htmx else "home/page.html"
    context = {
        "home": page,
        "replay": page.replay,
        "source_names": page.sources.names,
        "version": request.poll_version,
    }
    return render(request, template, context)


@require_safe
@conditional(read_place_version)
def place(request: PageRequest, pk: int) -> HttpResponse:
    seen = read_number(request, "seen")
    page = read_place(pk, now=timezone.now(), version=request.version, seen=seen)
    template = "place/refresh.html" if request.htmx else "place/page.html"
    context = {
        "page": page,
        "replay": page.replay,
        "source_names": [page.place.source_name],
        "form": SubscribeForm(),
        "is_redrawn": request.GET.get("shown") != page.version,
        "version": request.poll_version,
    }
    return render(request, template, context)


@require_safe
@conditional(read_alert_version)
def alert(request: PageRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Alert.objects.select_related("place", "rule"), pk=pk)
    seen = read_number(request, "seen")
    page = read_alert(row, now=timezone.now(), version=request.version, seen=seen)
    template = "alert/refresh.html" if request.htmx else "alert/page.html"
    context = {
        "page": page,
        "replay": page.replay,
        "source_names": [row.place.source_name],
        "version": request.poll_version,
    }
    return render(request, template, context)


def read_number(request: HttpRequest, name: str) -> int | None:
    """What is no number counts as not given; so does one that no database could hold."""
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None
