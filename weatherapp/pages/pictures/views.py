"""The pictures' addresses: drawn when what they say is new, else what was drawn before."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from weatherapp.models import Alert, Place
from weatherapp.pages.alert_line import make_alert_line
from weatherapp.pages.pictures.drawing import DrawingError, Wanted, studio
from weatherapp.pages.pictures.wanted import VERSION, mark_of, want_alert, want_place
from weatherapp.pages.replay import read_clocks

STAND_IN = "img/social.png"  # the site's own, for all that cannot be drawn now
# How long caches may keep a picture: of an address that names what is on it, and of any other.
LONG_S, SHORT_S = 24 * 3600, 300


@require_safe
def alert_picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    alert = get_object_or_404(Alert.objects.select_related("place", "rule"), pk=pk)
    return _answer(request, want_alert(make_alert_line(alert, read_clocks(timezone.now()))))


@require_safe
def place_picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    place = get_object_or_404(Place, pk=pk)
    clocks = read_clocks(timezone.now())
    alerts = list(Alert.objects.open().filter(place=place).select_related("rule"))
    for alert in alerts:
        alert.place = place
    return _answer(request, want_place(place, [make_alert_line(one, clocks) for one in alerts]))


def _answer(request: HttpRequest, wanted: Wanted) -> HttpResponseBase:
    mark = mark_of(wanted)
    known = get_conditional_response(request, etag=f'"{mark}"')
    try:
        response = known or HttpResponse(studio.find(mark, wanted), content_type="image/png")
    except DrawingError:
        response = HttpResponseRedirect(static(STAND_IN))
        response.headers["Cache-Control"] = "no-store"
        return response
    response.headers["ETag"] = f'"{mark}"'
    is_of_this = request.GET.get(VERSION) == mark  # the address says what is on it
    response.headers["Cache-Control"] = f"public, max-age={LONG_S if is_of_this else SHORT_S}"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response
