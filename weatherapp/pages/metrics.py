"""/metrics, for Prometheus and whatever else reads its format: only for whom the operator has named."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from weatherapp.operations.metrics.catalogue import FAMILIES
from weatherapp.operations.metrics.exposition import OPEN_METRICS, PLAIN, write_samples
from weatherapp.operations.metrics.reading import read_samples
from weatherapp.pages.client_address import read_address

BEARER = "Bearer "


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """404 where nobody may, or not from there; 401 without the token."""
    if not _is_open_to(read_address(request)):
        return HttpResponse("404 Not Found\n", status=404, content_type="text/plain")
    if settings.METRICS_TOKEN and not _has_token(request):
        response = HttpResponse("401 Unauthorized\n", status=401, content_type="text/plain")
        response.headers["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return response
    is_open_metrics = _prefers_open_metrics(request)
    body = write_samples(FAMILIES, read_samples(timezone.now()), is_open_metrics=is_open_metrics)
    response = HttpResponse(body, content_type=OPEN_METRICS if is_open_metrics else PLAIN)
    patch_vary_headers(response, ["Accept"])
    return response


def _prefers_open_metrics(request: HttpRequest) -> bool:
    """Prometheus names several forms, with parameters that say more of each than matters here."""
    quality = {"text/plain": 0.0, "application/openmetrics-text": 0.0}
    for media in request.accepted_types:
        name = f"{media.main_type}/{media.sub_type}"
        if name in quality:
            quality[name] = max(quality[name], media.quality)
    return quality["application/openmetrics-text"] > quality["text/plain"]


def _is_open_to(address: str) -> bool:
    networks: Sequence[IPv4Network | IPv6Network] = settings.METRICS_NETWORKS
    if not networks:
        return bool(settings.METRICS_TOKEN)
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


def _has_token(request: HttpRequest) -> bool:
    """In a time that says nothing about how much of it is right."""
    said = request.headers.get("Authorization", "")
    token = said[len(BEARER) :].strip() if said[: len(BEARER)].lower() == BEARER.lower() else ""
    return constant_time_compare(token, settings.METRICS_TOKEN)
