"""Links from mails: what they open, and what is said when they no longer do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from weatherapp.delivery.tokens import BadTokenError, Purpose, TokenOverError, read_token
from weatherapp.models import Place, Subscription
from weatherapp.pages.replay import describe_replay, read_clocks

NOT_FOUND = 404
GONE = 410


class LinkView(Protocol):
    def __call__(self, request: HttpRequest, token: str) -> HttpResponse: ...


RowView = Callable[[HttpRequest, Subscription], HttpResponse]


def opens_with(purpose: Purpose, *, even_late: bool = False) -> Callable[[RowView], LinkView]:
    """The view gets the subscription that its address's token names."""

    def decorate(view: RowView) -> LinkView:
        @wraps(view)
        def open_link(request: HttpRequest, token: str) -> HttpResponse:
            try:
                row = read_token(token, purpose, now=timezone.now())
            except TokenOverError as error:
                if not even_late:
                    return _say_over(request, token, error)
                row = error.subscription
            except BadTokenError:
                return render(request, "subscription/bad_link.html", status=NOT_FOUND)
            return view(request, row)

        return open_link

    return decorate


def render_about(
    request: HttpRequest, template: str, place: Place, *, status: int = 200, **context: Any
) -> HttpResponse:
    replay = describe_replay(place, read_clocks(timezone.now()))
    return render(request, template, {"place": place, "replay": replay} | context, status=status)


def _say_over(request: HttpRequest, token: str, error: TokenOverError) -> HttpResponse:
    """410: it was ours; nothing on the page needs the link any more."""
    return render_about(
        request,
        f"subscription/{error.purpose.name}_over.html",
        error.subscription.place,
        status=GONE,
        subscription=error.subscription,
        valid_days=error.purpose.life.days,
        has_left=error.has_left,
        token=token,
    )
