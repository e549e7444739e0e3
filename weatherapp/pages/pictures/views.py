"""The pictures' addresses: drawn when what they say is new, else what was drawn before."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import blake2b

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from weatherapp.models import Alert, Place
from weatherapp.pages.alert_line import make_alert_line, sort_worst_first
from weatherapp.pages.pictures.drawing import DrawingError, Wanted, studio
from weatherapp.pages.replay import read_clocks

SPACES = re.compile(r"[^\S\u00a0]+")  # but those that hold two words together
STAND_IN = "img/social.png"  # the site's own, for all that cannot be drawn now


@require_safe
def alert_picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    alert = get_object_or_404(Alert.objects.select_related("place", "rule"), pk=pk)
    line = make_alert_line(alert, read_clocks(timezone.now()))
    severity = alert.severity if line.is_confirmed else ""
    return _answer(request, _write("alert", severity, {"line": line, "alert": alert}))


@require_safe
def place_picture(request: HttpRequest, pk: int) -> HttpResponseBase:
    place = get_object_or_404(Place, pk=pk)
    clocks = read_clocks(timezone.now())
    alerts = list(Alert.objects.open().filter(place=place).select_related("rule"))
    for alert in alerts:
        alert.place = place
    lines = sort_worst_first(make_alert_line(alert, clocks) for alert in alerts)
    sure = [line for line in lines if line.is_confirmed]
    severity = sure[0].alert.severity if sure else ""
    return _answer(request, _write("place", severity, {"place": place, "lines": sure}))


def _write(name: str, severity: str, context: Mapping[str, object]) -> Wanted:
    """What stands on the picture, from templates/pictures/: a line each, `name: text`.

    A name that comes again says what to write instead, where the font cannot write the first.
    """
    context = {**context, "site_name": settings.SITE_NAME}
    wanted: dict[str, str | list[str]] = {"severity": severity}
    texts: dict[str, list[str]] = {}
    for line in render_to_string(f"pictures/{name}.txt", context).splitlines():
        key, _, text = line.partition(": ")
        texts.setdefault(key.strip(), []).append(SPACES.sub(" ", text).strip())
    return wanted | {key: said for key, said in texts.items() if key}


def _answer(request: HttpRequest, wanted: Wanted) -> HttpResponseBase:
    marked = json.dumps([settings.COMMIT, wanted], sort_keys=True).encode()
    mark = blake2b(marked, digest_size=9).hexdigest()
    known = get_conditional_response(request, etag=f'"{mark}"')
    try:
        response = known or HttpResponse(studio.find(mark, wanted), content_type="image/png")
    except DrawingError:
        response = HttpResponseRedirect(static(STAND_IN))
        response.headers["Cache-Control"] = "no-store"
        return response
    response.headers["ETag"] = f'"{mark}"'
    response.headers["Cache-Control"] = "public, max-age=300"
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response
