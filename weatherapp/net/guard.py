"""Keeps addresses of others' choosing out of the inside: webhooks, feeds, whatever a form takes.

A name is judged by what it resolves to, at the moment of connecting: see net/backend.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from weatherapp.net.address import split_url
from weatherapp.net.errors import ForbiddenAddressError
from weatherapp.net.lookup import look_up, read_literal

# https://www.iana.org/assignments/ipv6-unicast-address-assignments: all that is handed out so far.
HANDED_OUT = IPv6Network("2000::/3")
# https://www.iana.org/assignments/iana-ipv6-special-registry: in there, but not of the open net,
# or with an IPv4 address inside that somebody else's relay would connect to.
SPECIAL = tuple(
    IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
NAT64 = IPv6Network("64:ff9b::/96")  # the IPv4 address is in the last 32 bits
# What an operator may allow. Clouds keep their keys at 169.254.169.254, and at these few, too.
OWN = tuple(
    ip_network(text)
    for text in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
    )
)
CLOUD_KEYS = tuple(ip_address(text) for text in ("100.100.100.200", "fd00:ec2::254"))
# What Python's tables, older than the registry, take for open.
ALSO_CLOSED = tuple(ip_network(text) for text in ("192.0.0.0/24", "192.88.99.0/24"))

IPAddress = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Guard:
    """`allow_private`: the operator says that machines of the own network may be asked."""

    allow_private: bool = False

    def check_url(self, url: str) -> None:
        """The form of it alone, without asking the DNS. Raises WrongAddressError."""
        host = split_url(url).hostname or ""
        if (ip := read_literal(host)) is not None:
            self.check_ips([ip])

    def check_ips(self, ips: Sequence[str]) -> None:
        """All must be allowed: one that is not is no accident. Raises ForbiddenAddressError."""
        for text in ips:
            ip = _unwrap(ip_address(text))
            if not (is_public(ip) or (self.allow_private and is_own_network(ip))):
                raise ForbiddenAddressError("The address leads to a network that is not public.")


def check_address(url: str, guard: Guard, *, timeout_s: float = 5.0) -> None:
    """For forms: `url` may be asked, as the DNS stands now. Raises NetError.

    It may stand otherwise when the request is made: the client checks again.
    """
    guard.check_url(url)
    guard.check_ips(look_up(split_url(url).hostname or "", timeout_s))


def is_public(ip: IPAddress) -> bool:
    """Whether it belongs to the open net."""
    ip = _unwrap(ip)
    if isinstance(ip, IPv6Address):
        return ip in HANDED_OUT and not any(ip in network for network in SPECIAL)
    closed = ip.is_multicast or ip.is_reserved or any(ip in network for network in ALSO_CLOSED)
    return ip.is_global and not closed


def is_own_network(ip: IPAddress) -> bool:
    """This machine or the network around it."""
    return ip not in CLOUD_KEYS and any(ip in network for network in OWN)


def _unwrap(ip: IPAddress) -> IPAddress:
    """The IPv4 address that a packet to `ip` ends at, where it does."""
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip in NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip
