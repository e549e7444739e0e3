"""The API's addresses. What answers them is loaded by the first request: 2 MB, for who has programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from weatherapp.addresses import ADDRESSES


def _answer_by(name: str) -> Callable[..., HttpResponse]:
    @csrf_exempt  # as all that it stands for: keys and origins are looked at there
    def view(request: HttpRequest, **parts: Any) -> HttpResponse:
        from weatherapp.api.by_address import VIEWS

        return VIEWS[name](request, **parts)

    return view


NAMES = [name for name in ADDRESSES if name == "api" or name.startswith("api_")]
urlpatterns = [path(ADDRESSES[name], _answer_by(name), name=name) for name in NAMES]
