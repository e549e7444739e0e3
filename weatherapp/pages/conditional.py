"""Pages that are rendered only when something on them has changed.

A view with `conditional` gives its pages an ETag before anything is rendered. The middleware hands
the same page to every reader for some seconds, and then asks the view whether it is still so.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from hashlib import blake2b
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers

from weatherapp.display.reader import reader_mark
from weatherapp.pages.saved import read_saved_ids
from weatherapp.pages.shared_pages import SharedPage, make_shared_page, shared_pages
from weatherapp.pages.versions import Version

MINUTE = timedelta(minutes=1)
# An open page is drawn anew after so long though nothing came in: hours pass, facts grow old.
POLL_STEP = timedelta(minutes=5)
PARAMETERS = (
    "ascii",
    "bbox",
    "geometry",
    "page",
    "place",
    "q",
    "seen",
    "severity",
    "shown",
    "tag",
    "theme",
    "version",
    "at",
    "zoom",
)  # what any page reads of its address
NO_CONTENT = 204
SHARED = "shared_key"

GetResponse = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponse]


def conditional(
    read_version: Callable[..., Version], *, step: timedelta = MINUTE
) -> Callable[[View], View]:
    """`read_version` takes the view's arguments; it may raise Http404. A page is drawn anew after a
    `step` in any case: what is said of "now" on it grows old.

    The view finds `request.version`, `request.mark`, which all have whose page is the same but for the address, and
    `request.poll_version`, for the address that an open page asks again.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, **arguments: Any) -> HttpResponse:
            now, version = timezone.now(), read_version(**arguments)
            page = f"{version.page} {_name_own(request)}"
            poll_version = _mark(page, now, POLL_STEP)
            if is_poll(request) and request.GET.get("version") == poll_version:
                return HttpResponse(status=NO_CONTENT)
            mark = _mark(page, now, step)
            etag = f'W/"{mark}"'
            # What is kept comes first: the middleware makes a 304 of it and keeps it for longer.
            known = _find(request, etag) or get_conditional_response(request, etag=etag)
            if known is None:
                request.version = version  # type: ignore[attr-defined]
                request.mark = mark  # type: ignore[attr-defined]
                request.poll_version = poll_version  # type: ignore[attr-defined]
                known = view(request, **arguments)
            return _label(known, request, etag)

        return answer

    return decorate


def shared_pages_middleware(get_response: GetResponse) -> GetResponse:
    """Before all that knows readers apart, which what is shared never passed with one's own."""

    def answer(request: HttpRequest) -> HttpResponse:
        page = shared_pages.find(_make_key(request)) if request.method == "GET" else None
        if page is None or page.until_s <= monotonic():
            response = get_response(request)
            page = _keep(request, response)
            if page is None:
                return response
        request.resolver_match = page.route
        return _give(request, page)

    return answer


def is_poll(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _give(request: HttpRequest, page: SharedPage) -> HttpResponse:
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    whole = page.to_response(zipped=zipped)
    response = get_conditional_response(request, etag=page.etag, response=whole)
    assert isinstance(response, HttpResponse)  # noqa: S101 - of a GET with a response, always
    return response


def _keep(request: HttpRequest, response: HttpResponse) -> SharedPage | None:
    """None for what is not for everybody."""
    key = getattr(response, SHARED, None)
    of_one = response.cookies or "cookie" in response.headers.get("Vary", "").lower()
    if key is None or response.status_code != 200 or of_one:
        return None
    until_s = monotonic() + settings.PAGES_SHARED_SECONDS
    page = make_shared_page(response, request.resolver_match, until_s=until_s)
    shared_pages.keep(key, page)
    return page


def _find(request: HttpRequest, etag: str) -> HttpResponse | None:
    page = shared_pages.find(_make_key(request))
    return page.to_response(zipped=False) if page and page.etag == etag else None


def _label(response: HttpResponse, request: HttpRequest, etag: str) -> HttpResponse:
    response.headers["ETag"] = etag
    # Ask each time whether it is still so; what is one reader's, no cache of others may keep.
    is_own = bool(_name_own(request))
    response.headers["Cache-Control"] = "private, no-cache" if is_own else "no-cache"
    patch_vary_headers(response, ["HX-Request", "Accept-Encoding"])
    if request.method == "GET":
        setattr(response, SHARED, _make_key(request))
    return response


def _make_key(request: HttpRequest) -> str:
    """Other parameters change nothing, so they make no other page."""
    known = {name: request.GET[name] for name in PARAMETERS if name in request.GET}
    return (
        f"{request.path}?{urlencode(known)}#{is_poll(request)} {reader_mark()} {_name_own(request)}"
    )


def _name_own(request: HttpRequest) -> str:
    """What makes the home page one reader's own: the places that are saved, in a cookie."""
    ids = read_saved_ids(request) if request.path == reverse("home") else ()
    return ".".join(map(str, ids))


def _mark(version: str, now: datetime, step: timedelta) -> str:
    parts = (
        settings.COMMIT,
        settings.SITE_NAME,
        version,
        reader_mark(),
        int(now.timestamp() // step.total_seconds()),
    )
    return blake2b(repr(parts).encode(), digest_size=9).hexdigest()
