"""Settings of who watches the site, and how: a monitor that waits for a sign, Prometheus, logs."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network

from dyno.logs import logging_config
from weatheralert.environment import choice, text, web_address, words
from weatheralert.mistakes import Kind, note

Network = IPv4Network | IPv6Network

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
SHORTEST_TOKEN = 16  # characters: less can be found out by trying


def read_token() -> str:
    token = text("METRICS_TOKEN")
    if 0 < len(token) < SHORTEST_TOKEN:
        way_out = (
            f"Take {SHORTEST_TOKEN} characters or more, for example of `openssl rand -hex 32`."
        )
        note(Kind.TOO_SHORT, "METRICS_TOKEN is too short to be a secret.", way_out)
    return token


def read_networks() -> list[Network]:
    return list(_parse_networks(words("METRICS_NETWORKS")))


def _parse_networks(found: list[str]) -> Iterator[Network]:
    for word in found:
        try:
            yield ip_network(word, strict=False)
        except ValueError:
            way_out = "Write addresses or networks, as 10.0.0.0/8, with commas between them."
            note(Kind.NO_NETWORK, f"METRICS_NETWORKS names no network: {word!r}.", way_out)


# Asked for each minute in which all of the site works; whoever listens misses it when it does not.
HEARTBEAT_URL: str = web_address("HEARTBEAT_URL")
# Who may read /metrics: who knows the token, who comes from these networks; with both set, who does
# both. Without either there is no such page.
METRICS_TOKEN = read_token()
METRICS_NETWORKS = read_networks()
LOGGING = logging_config(
    level=choice("LOG_LEVEL", "INFO", LEVELS, fold=str.upper),
    log_format=choice("LOG_FORMAT", "line", ("line", "json")),
)
