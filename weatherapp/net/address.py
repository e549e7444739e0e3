"""A URL as it goes on the wire."""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from weatherapp.net.errors import WrongAddressError

SCHEMES = ("http", "https")
LONGEST = 8000  # characters; servers refuse longer ones
HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9._])?")
SAFE = "/%:=&?~+!$,;'@()*[]"  # what stands in a path or query for itself, or is packed already


def split_url(url: str) -> SplitResult:
    """The parts, the host in the letters of the DNS. Raises WrongAddressError."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError as error:
        raise WrongAddressError(f"The address is wrong: {error}.") from error
    if parts.scheme not in SCHEMES:
        raise WrongAddressError("The address is wrong: it must begin with http:// or https://.")
    if parts.username is not None or parts.password is not None:
        raise WrongAddressError("The address is wrong: it must hold no user name or password.")
    if len(url) > LONGEST or port == 0:
        raise WrongAddressError("The address is wrong: it is too long, or its port is 0.")
    host = _encode_host(parts.hostname or "")
    netloc = f"[{host}]" if ":" in host else host
    return parts._replace(netloc=netloc if port is None else f"{netloc}:{port}", fragment="")


def add_params(parts: SplitResult, params: Mapping[str, str]) -> str:
    """The whole URL, in ASCII, with `params` behind what its query holds already."""
    query = "&".join(filter(None, (parts.query, urlencode(params, safe=","))))
    path = quote(parts.path or "/", safe=SAFE)
    return parts._replace(path=path, query=quote(query, safe=SAFE)).geturl()


def _encode_host(host: str) -> str:
    if ":" in host:  # IPv6, of which nobody may choose the network card
        return _check_ipv6(host)
    encoded = host if host.isascii() else _to_ascii(host)
    if len(encoded) > 253 or not HOST.fullmatch(encoded.lower()):
        raise WrongAddressError("The address is wrong: its host is no name.")
    return encoded.lower()


def _to_ascii(host: str) -> str:
    """IDNA 2008 after the mapping that browsers do (UTS 46)."""
    import idna  # 1.0 MB of tables that a process only needs when a host has such a name

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise WrongAddressError(f"The address is wrong: {error}.") from error


def _check_ipv6(host: str) -> str:
    try:
        ip_address(host)
    except ValueError as error:
        raise WrongAddressError("The address is wrong: its host is no IP address.") from error
    if "%" in host:
        raise WrongAddressError("The address is wrong: it names a network card.")
    return host
