"""In which language and units a reader reads: by the address, then by cookie, then as the browser says."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request, get_supported_language_variant

from weatherapp.display.reader import shown_to
from weatherapp.domain.units import Units, read_units

REMEMBERED_S = 365 * 24 * 3600
LANGUAGE, UNITS = "lang", "units"  # in addresses; a choice by address is remembered
UNITS_COOKIE = "units"
API = "/api/v1/"

GetResponse = Callable[[HttpRequest], HttpResponse]


def reader_middleware(get_response: GetResponse) -> GetResponse:
    """Outside all that renders or keeps what was rendered."""

    def answer(request: HttpRequest) -> HttpResponse:
        language, units = find_language(request), find_units(request)
        with shown_to(language=language, units=units):
            response = get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers["Content-Language"] = language
            patch_vary_headers(response, ["Accept-Language", "Cookie"])
        if request.path_info.startswith(API):
            return response  # programs say it each time, and keep no cookies
        if _asked_language(request):
            remember(response, settings.LANGUAGE_COOKIE_NAME, language)
        if _asked_units(request):
            remember(response, UNITS_COOKIE, str(units))
        return response

    return answer


def find_language(request: HttpRequest) -> str:
    return _asked_language(request) or get_language_from_request(request)


def find_units(request: HttpRequest) -> Units:
    return _asked_units(request) or read_units(request.COOKIES.get(UNITS_COOKIE, "")) or Units()


def remember(response: HttpResponse, name: str, value: str) -> None:
    """A choice, and nothing about the reader."""
    response.set_cookie(
        name,
        value,
        max_age=REMEMBERED_S,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def _asked_language(request: HttpRequest) -> str | None:
    try:
        return get_supported_language_variant(request.GET.get(LANGUAGE, ""))
    except LookupError:
        return None


def _asked_units(request: HttpRequest) -> Units | None:
    return read_units(request.GET.get(UNITS, ""))
