"""The authorities' warnings for machines: GeoJSON and JSON Feed, chosen as the feeds of alerts are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from weatherapp.models import OfficialChange, OfficialEvent, Place, WarningSource
from weatherapp.official.reading import is_silent
from weatherapp.pages.conditional import conditional
from weatherapp.pages.feeds import WrongFilterError, open_to_all, read_filter, write_json
from weatherapp.pages.versions import Version, read_home_version
from weatherapp.publishing.warnings import read_sources, read_warnings
from weatherapp.publishing.warnings_json import WarningFeed, describe_geojson, describe_json_feed

MINUTE = timedelta(minutes=1)  # what begins, runs out or falls silent is seen then


def read_warnings_version(**_: object) -> Version:
    """Of what warnings say, where they are, and how their sources are."""
    change = OfficialChange.objects.order_by("-pk").values_list("pk", flat=True).first()
    changed_at = OfficialEvent.objects.filter(ended_at=None).aggregate(at=Max("changed_at"))["at"]
    sources = list(
        WarningSource.objects.on().order_by("pk").values_list("pk", "succeeded_at", "problem")
    )
    return Version(page=f"warnings {change} {changed_at} {sources} {read_home_version().places}")


@require_safe
@conditional(read_warnings_version, step=MINUTE)
def warnings_geojson(request: HttpRequest) -> HttpResponse:
    with_areas = request.GET.get("geometry") == "polygon"
    return _answer(
        request,
        "application/geo+json",
        lambda feed: describe_geojson(feed, with_areas=with_areas),
        with_areas=with_areas,
    )


@require_safe
@conditional(read_warnings_version, step=MINUTE)
def warnings_json(request: HttpRequest) -> HttpResponse:
    return _answer(request, "application/feed+json", describe_json_feed)


def _answer(
    request: HttpRequest,
    media_type: str,
    describe: Callable[[WarningFeed], dict[str, Any]],
    *,
    with_areas: bool = False,
) -> HttpResponse:
    try:
        wanted = read_filter(request)
    except WrongFilterError as error:
        return HttpResponse(f"{error}\n", status=400, content_type="text/plain; charset=utf-8")
    now = timezone.now()
    place = get_object_or_404(Place, pk=wanted.place_id) if wanted.place_id else None
    words = {"place": place, "site_name": settings.SITE_NAME}
    sources = read_sources()
    feed = WarningFeed(
        title=" ".join(render_to_string("feeds/warnings_title.txt", words).split()),
        address=settings.SITE_URL + request.get_full_path(),
        page=settings.SITE_URL + (place.get_absolute_url() if place else reverse("home")),
        language=(get_language() or settings.LANGUAGE_CODE).split("-")[0],
        site_url=settings.SITE_URL,
        warnings=read_warnings(wanted, now=now, with_areas=with_areas),
        sources=sources,
        silent={source.key for source in sources if is_silent(source, now)},
        now=now,
    )
    return open_to_all(write_json(describe(feed)), media_type)
