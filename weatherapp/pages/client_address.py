"""Who asks: the client's address, also behind proxies, and a key that does not reveal it."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

IPV6_PREFIX = 64  # one client has that many addresses to choose from

# What proxies write: an address, perhaps in quotes, in brackets, with a port or an IPv6 zone.
_BRACKETED = re.compile(r"\[(?P<address>[^\]]+)\](?::\d{1,5})?")
_WITH_PORT = re.compile(r"(?P<address>[\d.]+):\d{1,5}")


def make_client_key(request: HttpRequest) -> str:
    """The same for the same client; without the site's secret it says nothing about the address."""
    network = name_network(read_address(request))
    return salted_hmac("weatherapp.client", network, algorithm="sha256").hexdigest()


def read_address(request: HttpRequest) -> str:
    """The client's address, as far as our own proxies can be believed."""
    return find_address(
        request.META.get("REMOTE_ADDR", ""),
        request.headers.get("x-forwarded-for", ""),
        hops=settings.PROXY_HOPS,
    )


def find_address(remote: str, forwarded: str, *, hops: int) -> str:
    """The address that the outermost of our own `hops` proxies saw.

    Each proxy adds who came to it at the end of X-Forwarded-For; what stands before our own
    proxies' words is whatever the client wrote there.
    """
    said = [word.strip() for word in forwarded.split(",") if word.strip()]
    found = _parse(said[-hops]) if 1 <= hops <= len(said) else None
    return str(found or _parse(remote) or remote)


def name_network(address: str) -> str:
    """An IPv6 address stands for its network; what is no address, for itself."""
    parsed = _parse(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((int(parsed), IPV6_PREFIX), strict=False))
    return str(parsed or address)


def _parse(text: str) -> IPv4Address | IPv6Address | None:
    """None for what holds no address; a port and a zone, which differ each time, are left out."""
    bare = text.strip().strip('"').strip()
    match = _BRACKETED.fullmatch(bare) or _WITH_PORT.fullmatch(bare)
    address = match["address"] if match else bare
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else parsed
