"""The same for programs, in JSON: ask, look, cancel; and the queue in figures.

It reads no cookie, so that no other site's page can act in a reader's name.
"""

from __future__ import annotations

import math
from typing import Any
from uuid import UUID

from django.db import Error as DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from weatherapp.forecasting.asking import allowance, tickets
from weatherapp.forecasting.asking.queue_status import read_status
from weatherapp.models import Place, Ticket
from weatherapp.pages.client_address import make_client_key
from weatherapp.pages.json_answers import answer_json
from weatherapp.pages.request_page import RequestPage, to_json
from weatherapp.pages.request_views import find_ticket


@csrf_exempt
@require_POST
def create_prediction(request: HttpRequest, pk: int) -> JsonResponse:
    """202: asked; the address in Location says how it goes on."""
    place = Place.objects.active().filter(pk=pk).first()
    if place is None:
        return _refuse(404, "not_found", "There is no such place, or it is switched off.")
    now = timezone.now()
    try:
        allowance.spend(make_client_key(request), now=now)
    except allowance.TooManyRequestsError as error:
        return _tell_to_wait(math.ceil(error.retry_after_s))
    row = tickets.ask(place, now=now)
    response = JsonResponse(_describe(request, row), status=202)
    response["Location"] = response["Content-Location"] = _locate(request, row)
    return response


@require_safe
def prediction(request: HttpRequest, pk: UUID) -> HttpResponse:
    try:
        row = find_ticket(pk)
    except Http404:
        return _refuse(404, "not_found", "There is no such request, or no longer.")
    response = answer_json(request, _describe(request, row))
    response["Content-Location"] = _locate(request, row)
    return response


@csrf_exempt
@require_POST
def cancel_prediction(request: HttpRequest, pk: UUID) -> JsonResponse:
    """409 where nothing waits any more."""
    try:
        row = find_ticket(pk)
        tickets.cancel(row, now=timezone.now())
    except Http404:
        return _refuse(404, "not_found", "There is no such request, or no longer.")
    except tickets.TooLateError:
        return _refuse(409, "too_late", "It waits no longer: look at its address.")
    response = JsonResponse(_describe(request, row))
    response["Content-Location"] = _locate(request, row)
    return response


@require_safe
def queue_status(request: HttpRequest) -> HttpResponse:
    try:
        return answer_json(request, read_status(now=timezone.now()).to_json())
    except DatabaseError:
        return _refuse(503, "database_down", "The rows that wait cannot be read.")


def _describe(request: HttpRequest, row: Ticket) -> dict[str, Any]:
    links = {
        "url": _locate(request, row),
        "cancel_url": request.build_absolute_uri(reverse("api_cancel", args=[row.pk])),
        "page": request.build_absolute_uri(row.get_absolute_url()),
    }
    return to_json(RequestPage(row, timezone.now())) | links


def _locate(request: HttpRequest, row: Ticket) -> str:
    return request.build_absolute_uri(reverse("api_prediction", args=[row.pk]))


def _tell_to_wait(seconds: int) -> JsonResponse:
    response = _refuse(429, "too_many_requests", f"Ask again in {seconds} s.")
    response["Retry-After"] = str(seconds)
    return response


def _refuse(status: int, error: str, message: str) -> JsonResponse:
    response = JsonResponse({"error": error, "message": message}, status=status)
    add_never_cache_headers(response)
    return response
