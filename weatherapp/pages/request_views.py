"""Asking for a prediction now, waiting for it, cancelling. No view waits: it stores and answers."""

from __future__ import annotations

import math
from contextlib import suppress
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from weatherapp.forecasting.asking import allowance, tickets
from weatherapp.models import Place, Ticket
from weatherapp.pages.client_address import make_client_key
from weatherapp.pages.request_page import RequestPage
from weatherapp.pages.same_origin import from_our_page
from weatherapp.pages.views import PageRequest

SEE_OTHER = 303


@from_our_page
@require_http_methods(["GET", "HEAD", "POST"])
def predict_now(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever comes here without the button, by a link or after going back, gets the place's page."""
    if request.method != "POST":
        address = get_object_or_404(Place, pk=pk).get_absolute_url()
        return HttpResponseRedirect(address, status=SEE_OTHER)
    place = get_object_or_404(Place.objects.active(), pk=pk)
    now = timezone.now()
    try:
        allowance.spend(make_client_key(request), now=now)
    except allowance.TooManyRequestsError as error:
        return _tell_to_wait(request, place, math.ceil(error.retry_after_s))
    return HttpResponseRedirect(tickets.ask(place, now=now).get_absolute_url(), status=SEE_OTHER)


@require_safe
@vary_on_headers("HX-Request")
def ticket(request: PageRequest, pk: UUID) -> HttpResponse:
    page = RequestPage(find_ticket(pk), timezone.now())
    template = "request/refresh.html" if request.htmx else "request/page.html"
    response = render(request, template, {"page": page, "replay": page.replay})
    add_never_cache_headers(response)
    return response


@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = find_ticket(pk)
    with suppress(tickets.TooLateError):  # the page shows what came instead
        tickets.cancel(row, now=timezone.now())
    return HttpResponseRedirect(row.get_absolute_url(), status=SEE_OTHER)


def find_ticket(pk: UUID) -> Ticket:
    """Raises Http404."""
    rows = Ticket.objects.select_related("request__place", "request__prediction")
    return get_object_or_404(rows, pk=pk)


def _tell_to_wait(request: HttpRequest, place: Place, seconds: int) -> HttpResponse:
    context = {"place": place, "seconds": seconds}
    response = render(request, "request/too_many.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response
