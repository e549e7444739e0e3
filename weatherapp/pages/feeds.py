"""Alerts for machines: feeds, a place's calendar, and each message as CAP.

Which alerts is chosen by `place`, `tag`, `bbox` (west,south,east,north) and `severity` (this one and
worse); what cannot be read is refused by name. Feeds change when something is published, and else never.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from weatherapp.domain.cap import LEVELS, Severity
from weatherapp.models import Place, PublishedMessage
from weatherapp.pages.conditional import conditional
from weatherapp.pages.versions import Version, read_home_version
from weatherapp.publishing import feed as feeds
from weatherapp.publishing.feed import CAP_TYPE, Box, Feed, Filter
from weatherapp.publishing.geojson import describe_geojson, describe_json_feed
from weatherapp.publishing.icalendar import write_calendar

DAY = timedelta(days=1)
# Name in the address, media type, how it is written. The log of two days is for Atom readers.
Writer = Callable[[Feed, HttpRequest], bytes]
FORMS: dict[str, tuple[str, Writer]] = {
    "atom": ("application/atom+xml; charset=utf-8", lambda feed, _: _write_atom(feed)),
    "rss": ("application/rss+xml; charset=utf-8", lambda feed, _: _write_rss(feed)),
    "geojson": ("application/geo+json", lambda feed, request: _write_geojson(feed, request)),
    "json": ("application/feed+json", lambda feed, _: write_json(describe_json_feed(feed))),
}


class WrongFilterError(ValueError):
    """A parameter of the address that cannot be read: which, and how it is written."""


def read_feed_version(**_: object) -> Version:
    now = timezone.now()
    newest = PublishedMessage.objects.order_by("-pk").values_list("pk", flat=True).first()
    in_force = PublishedMessage.objects.filter(expires_at__gt=now).count()
    return Version(page=f"feed {newest} {in_force} {read_home_version().places}")


@require_safe
@conditional(read_feed_version, step=DAY)
def alerts(request: HttpRequest, form: str) -> HttpResponse:
    """The alerts in force."""
    return _answer(request, form, is_log=False)


@require_safe
@conditional(read_feed_version, step=DAY)
def alerts_log(request: HttpRequest) -> HttpResponse:
    """All that was published in two days."""
    return _answer(request, "atom", is_log=True)


@require_safe
@conditional(read_feed_version, step=DAY)
def place_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """A place's alerts, past ones too."""
    place = get_object_or_404(Place, pk=pk)
    page = settings.SITE_URL + place.get_absolute_url()
    messages = feeds.read_of_place(place.pk, now=timezone.now())
    feed = _make_feed(request, messages, page=page, place=place)
    return open_to_all(write_calendar(feed), "text/calendar; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=24 * 3600, immutable=True)
def cap_message(request: HttpRequest, public_id: UUID, number: int) -> HttpResponse:
    """A message as it went out."""
    message = PublishedMessage.objects.filter(alert__public_id=public_id, number=number).first()
    if message is None:
        raise Http404
    return open_to_all(message.document, f"{CAP_TYPE}; charset=utf-8")


@require_safe
def about_feeds(request: HttpRequest) -> HttpResponse:
    """For people: which feeds there are, and how they are used."""
    context = {"site_url": settings.SITE_URL, "levels": [level.value for level in LEVELS]}
    return render(request, "feeds/page.html", context)


def _answer(request: HttpRequest, form: str, *, is_log: bool) -> HttpResponse:
    media_type, write = FORMS[form]
    try:
        wanted = read_filter(request)
    except WrongFilterError as error:
        return HttpResponse(f"{error}\n", status=400, content_type="text/plain; charset=utf-8")
    read = feeds.read_log if is_log else feeds.read_in_force
    place = get_object_or_404(Place, pk=wanted.place_id) if wanted.place_id else None
    page = settings.SITE_URL + (place.get_absolute_url() if place else reverse("home"))
    messages = read(wanted, now=timezone.now())
    feed = _make_feed(request, messages, page=page, place=place, is_log=is_log)
    return open_to_all(write(feed, request), media_type)


def _make_feed(
    request: HttpRequest,
    messages: list[PublishedMessage],
    *,
    page: str,
    place: Place | None,
    is_log: bool = False,
) -> Feed:
    words = {"place": place, "is_log": is_log, "site_name": settings.SITE_NAME}
    return Feed(
        title=" ".join(render_to_string("feeds/title.txt", words).split()),
        address=settings.SITE_URL + request.get_full_path(),
        page=page,
        language=(get_language() or settings.LANGUAGE_CODE).split("-")[0],
        updated_at=feeds.find_updated_at(),
        messages=messages,
    )


def open_to_all(body: bytes, media_type: str) -> HttpResponse:
    """For programs of any site: nothing of one reader is in it."""
    response = HttpResponse(body, content_type=media_type)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _write_atom(feed: Feed) -> bytes:
    from weatherapp.publishing.atom import write_atom  # with XML: a megabyte, once somebody asks

    return write_atom(feed)


def _write_rss(feed: Feed) -> bytes:
    from weatherapp.publishing.rss import write_rss  # with XML, as above

    return write_rss(feed)


def _write_geojson(feed: Feed, request: HttpRequest) -> bytes:
    return write_json(describe_geojson(feed, with_areas=request.GET.get("geometry") == "polygon"))


def write_json(content: dict[str, object]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def read_filter(request: HttpRequest) -> Filter:
    """Raises WrongFilterError."""
    place, severity = request.GET.get("place", ""), request.GET.get("severity", "")
    if place and not (place.isdecimal() and len(place) < 19):
        raise WrongFilterError("place must be the number of a place, as place=12.")
    if severity and severity.capitalize() not in LEVELS:
        raise WrongFilterError(f"severity must be one of {', '.join(LEVELS)}.")
    return Filter(
        place_id=int(place) if place else None,
        tag=request.GET.get("tag", ""),
        box=_read_box(request.GET["bbox"]) if "bbox" in request.GET else None,
        severity=Severity(severity.capitalize()) if severity else None,
    )


def _read_box(text: str) -> Box:
    try:
        west, south, east, north = map(float, text.split(","))
    except ValueError:
        raise WrongFilterError("bbox must be west,south,east,north in degrees.") from None
    is_on_earth = -180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90
    if not is_on_earth:
        raise WrongFilterError("bbox must be west,south,east,north in degrees, south first.")
    return Box(west, south, east, north)
