"""Every error has something to read: problem details for programs, a page for people."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from weatherapp.pages.problem_json import PROBLEM_TYPE, write_problem

FOR_PROGRAMS = ("/api", "/queue-status")
WITH_PAGE = (400, 403, 404, 405, 413, 429)

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
    """An answer that is a problem already knows better what happened."""
    if response.headers.get("Content-Type", "").startswith(PROBLEM_TYPE):
        return response
    response.headers["Access-Control-Allow-Origin"] = "*"  # a page of another site may read why
    return _fill(response, write_problem(response.status_code), PROBLEM_TYPE)


def _show_page(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What came without a word gets a page: that of its status, or the one nearest to it."""
    nearest = 400 if response.status_code < 500 else 500
    name = response.status_code if response.status_code in WITH_PAGE else nearest
    context = {"request": request, "back": _find_form(request)}
    html = render_to_string(f"{name}.html", context)
    return _fill(response, html.encode(), "text/html; charset=utf-8")


def _find_form(request: HttpRequest) -> str:
    """Somebody opened the address of a form: the form is on its place's page. Else empty."""
    match = request.resolver_match
    pk = match.kwargs.get("pk") if match and match.route.startswith("places/") else None
    return reverse("place", args=[pk]) if pk else ""


def _fill(response: HttpResponse, body: bytes, content_type: str) -> HttpResponse:
    """In place: the headers that others have set stay."""
    response.content = body
    response.headers["Content-Type"] = content_type
    response.headers["Content-Length"] = str(len(response.content))
    return response
