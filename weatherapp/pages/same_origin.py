"""Forms without a token, so that their page is everybody's: see docs/decisions/0015."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

View = Callable[..., HttpResponse]


def from_our_page(view: View) -> View:
    """The browser says that the form was on this site's page; who says nothing needs the token."""
    with_token = csrf_protect(view)

    @csrf_exempt  # for Django's middleware: one of the two is checked here
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        checked = view if is_from_here(request) else with_token
        return checked(request, *args, **kwargs)

    return answer


def is_from_here(request: HttpRequest) -> bool:
    """By headers that no page can set: browsers do."""
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from is not None:
        return fetched_from == "same-origin"
    ours = {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return request.headers.get("Origin") in ours
