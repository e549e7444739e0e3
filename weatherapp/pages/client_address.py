"""Who asks: the client's address, also behind proxies, and a key that does not reveal it."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

IPV6_PREFIX = 64  # one client has that many addresses to choose from


def make_client_key(request: HttpRequest) -> str:
    """The same for the same client; without the site's secret it says nothing about the address."""
    address = find_address(
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_X_FORWARDED_FOR", ""),
        hops=settings.PROXY_HOPS,
    )
    return salted_hmac("weatherapp.client", name_network(address), algorithm="sha256").hexdigest()


def find_address(remote: str, forwarded: str, *, hops: int) -> str:
    """The address that the outermost of our own `hops` proxies saw.

    Each proxy adds who came to it at the end of X-Forwarded-For; what stands before our own
    proxies' words is whatever the client wrote there.
    """
    said = [word.strip() for word in forwarded.split(",") if word.strip()]
    if hops < 1 or len(said) < hops or _parse(said[-hops]) is None:
        return remote
    return said[-hops]


def name_network(address: str) -> str:
    """An IPv6 address stands for its network; what is no address, for itself."""
    parsed = _parse(address)
    if parsed is None:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, IPV6_PREFIX), strict=False))
    return str(parsed)


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
