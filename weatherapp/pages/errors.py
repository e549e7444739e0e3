"""Every error has something to read: JSON for programs, a page for people."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

FOR_PROGRAMS = ("/api", "/queue-status")

# Status: the word for programs, and the sentence for who reads their logs.
ERRORS = {
    400: ("bad_request", "The request could not be understood."),
    403: ("forbidden", "This may not be done from here."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take that method: see the Allow header."),
    413: ("too_large", "The request is too large."),
    429: ("too_many_requests", "Too many requests: ask again later."),
}
OUR_FAULT = ("server_error", "Something went wrong here. It has been written down.")

GetResponse = Callable[[HttpRequest], HttpResponse]


def errors_middleware(get_response: GetResponse) -> GetResponse:
    """Before all that answers: what Django makes of exceptions and refusals passes here, too."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code < 400 or response.streaming:
            return response
        if is_for_programs(request.path_info):
            return _say_in_json(response)
        return response if response.content else _show_page(request, response)

    return answer


def is_for_programs(path: str) -> bool:
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in FOR_PROGRAMS)


def _say_in_json(response: HttpResponse) -> HttpResponse:
    """An answer that is JSON already knows better what happened."""
    if response.headers.get("Content-Type", "").startswith("application/json"):
        return response
    other = ERRORS[400] if response.status_code < 500 else OUR_FAULT
    error, message = ERRORS.get(response.status_code, other)
    return _fill(response, json.dumps({"error": error, "message": message}), "application/json")


def _show_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What came without a word gets a page: that of its status, or the one nearest to it."""
    nearest = 400 if response.status_code < 500 else 500
    name = response.status_code if response.status_code in ERRORS else nearest
    context = {"request": request, "back": _find_form(request)}
    html = render_to_string(f"{name}.html", context)
    return _fill(response, html, "text/html; charset=utf-8")


def _find_form(request: HttpRequest) -> str:
    """Somebody opened the address of a form: the form is on its place's page. Else empty."""
    match = request.resolver_match
    pk = match.kwargs.get("pk") if match and match.route.startswith("places/") else None
    return reverse("place", args=[pk]) if pk else ""


def _fill(response: HttpResponse, body: str, content_type: str) -> HttpResponse:
    """In place: the headers that others have set stay."""
    response.content = body.encode()
    response.headers["Content-Type"] = content_type
    response.headers["Content-Length"] = str(len(response.content))
    return response
