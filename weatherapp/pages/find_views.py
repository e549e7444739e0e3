"""The page of a search, and asking Open-Meteo for a name that nobody here knows."""

from __future__ import annotations

import logging
import math
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe
from kombu.exceptions import OperationalError

from weatherapp import tasks
from weatherapp.models import Budget, Geocoding
from weatherapp.models.budget import Limit, TooManyRequestsError
from weatherapp.pages.client_address import make_client_key
from weatherapp.pages.conditional import is_poll
from weatherapp.pages.find import LONGEST_SEARCH, LookUp, Search, list_near, read_search
from weatherapp.pages.near import read_position
from weatherapp.pages.replay import read_clocks
from weatherapp.pages.same_origin import from_our_page
from weatherapp.pages.waits import wait_at_least

logger = logging.getLogger(__name__)

SEE_OTHER = 303
TOO_MANY = 429
# How often names may be looked up: so many at once, and one more after each pause.
BY_CLIENT = Limit("look up, client", 10, timedelta(minutes=1))
BY_SITE = Limit("look up, site", 100, timedelta(seconds=36))


@require_safe
@cache_control(private=True, no_cache=True)
def find(request: HttpRequest) -> HttpResponse:
    """By name (q), or by position (near), which no cache and no other page gets to know."""
    clocks = read_clocks(timezone.now())
    point = read_position(request.GET.get("near", ""))
    if point is not None:
        near = {"near": list_near(point, clocks), "point": point}
        response = render(request, "find/page.html", near)
        response.headers["Cache-Control"] = "no-store"
        return response
    search = read_search(request.GET.get("q", ""), page=request.GET.get("page"), clocks=clocks)
    context = {"search": search, "is_bad_position": "near" in request.GET}
    return render(request, "find/results.html" if is_poll(request) else "find/page.html", context)


@from_our_page
@require_POST
def look_up(request: HttpRequest) -> HttpResponse:
    """Puts the question on the queue, and leads back to the search, where the answer will be."""
    now = timezone.now()
    search = read_search(request.POST.get("q", ""), page=None, clocks=read_clocks(now))
    if search.look_up == LookUp.OFFERED:
        client = make_client_key(request)
        try:
            Budget.objects.spend((BY_CLIENT, client), (BY_SITE, "site"), now=now)
        except TooManyRequestsError as error:
            return _tell_to_wait(request, search, math.ceil(error.retry_after_s))
        if row := Geocoding.objects.ask(search.name[:LONGEST_SEARCH], now=now):
            transaction.on_commit(partial(_queue, row, now))
    query = urlencode({"q": search.text})
    return HttpResponseRedirect(f"{reverse('find')}?{query}", status=SEE_OTHER)


def _tell_to_wait(request: HttpRequest, search: Search, wait_s: int) -> HttpResponse:
    context = {"search": search, "wait": wait_at_least(wait_s)}
    response = render(request, "find/page.html", context, status=TOO_MANY)
    response["Retry-After"] = str(wait_s)
    return response


def _queue(row: Geocoding, now: datetime) -> None:
    try:
        tasks.look_up_name.delay(geocoding_id=row.pk)
    except OperationalError as error:
        logger.warning("A name is not looked up: %s", error)
        Geocoding.objects.filter(pk=row.pk).update(answered_at=now, error="The queue is away.")
