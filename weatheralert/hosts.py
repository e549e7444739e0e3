"""Which hosts are ours: a wrong one is refused in one line of the log, before anything else."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.utils.log import log_response
from django.views.defaults import bad_request

PROBED = ("/health", "/metrics")

GetResponse = Callable[[HttpRequest], HttpResponse]


def hosts_middleware(get_response: GetResponse) -> GetResponse:
    """Probes ask for these by whatever name or address the machine has inside its platform.

    Those pages tell everybody the same and make no link of the host, so they are answered.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.path in PROBED:
            request.META["HTTP_HOST"] = settings.ALLOWED_HOSTS[0].lstrip(".*") or "localhost"
            return get_response(request)
        try:
            request.get_host()
        except DisallowedHost as error:
            return _refuse(request, error)
        return get_response(request)

    return answer


def _refuse(request: HttpRequest, error: DisallowedHost) -> HttpResponse:
    """Logged here, since Django would write a traceback for each."""
    response = bad_request(request, error)
    host = request.headers.get("host", "")
    log_response("400: %.80s is no host of this site", host, response=response, request=request)
    return response
