"""How long a reader waits for a page while others flood the login: `python -m bench.login_flood`.

The Procfile's own web process (1 worker, 2 threads) with Django's real password hasher. Every try
comes from an address and for a user name of its own, which no limit holds back: what is measured
is the cost of hashing. A cookie and a token for the form cost one request each, before the flood.
"""

from __future__ import annotations

import argparse
import http.client
import re
import secrets
from collections import Counter
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import monotonic
from urllib.parse import urlencode

from tests.system.site import Site

LOGIN = "/admin/login/"
FLOODERS = 8
WRONG = secrets.token_hex(8)


def main() -> None:
    options = parse_options()
    with TemporaryDirectory() as folder:
        # A proxy is said to stand before it: that is how each try gets an address of its own.
        site = Site(Path(folder), PROXY_HOPS="1", LOG_LEVEL="ERROR")
        with site.running("worker", "beat", "predictor", "demo"):
            print("| the login | asked | median ms | 95 % ms | longest ms | tries answered |")
            print("|---|---|---|---|---|---|")
            print(row("left alone", read_for(site.port, options.page, options.seconds), Counter()))
            print(row("flooded", *read_in_flood(site.port, options.page, options.seconds)))


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--page", default="/")
    return parser.parse_args()


def row(name: str, waits_s: list[float], answers: Counter[int]) -> str:
    waits = [1000 * wait_s for wait_s in waits_s]
    slow = quantiles(waits, n=20)[-1]
    told = ", ".join(f"{count} x {status}" for status, count in sorted(answers.items())) or "-"
    return (
        f"| {name} | {len(waits)} | {median(waits):.0f} | {slow:.0f} | {max(waits):.0f} | {told} |"
    )


def read_for(port: int, page: str, seconds: float) -> list[float]:
    """How long each answer took, one request after the other."""
    waits_s, end = [], monotonic() + seconds
    while monotonic() < end:
        started = monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        connection.request("GET", page)
        connection.getresponse().read()
        connection.close()
        waits_s.append(monotonic() - started)
    return waits_s


def read_in_flood(port: int, page: str, seconds: float) -> tuple[list[float], Counter[int]]:
    answers: Counter[int] = Counter()
    stopping = Event()
    flooders = [Thread(target=flood, args=(port, stopping, answers)) for _ in range(FLOODERS)]
    for flooder in flooders:
        flooder.start()
    try:
        return read_for(port, page, seconds), answers
    finally:
        stopping.set()
        for flooder in flooders:
            flooder.join()


def flood(port: int, stopping: Event, answers: Counter[int]) -> None:
    token = fetch_token(port)
    while not stopping.is_set():
        address = f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"
        status, _ = post_try(
            port, token, name=secrets.token_hex(8), password=WRONG, address=address
        )
        answers[status] += 1


def post_try(
    port: int, token: tuple[str, str], *, name: str, password: str, address: str
) -> tuple[int, http.client.HTTPMessage]:
    """Status and headers of a try from `address`, as a proxy names it."""
    cookie, word = token
    body = urlencode({"username": name, "password": password, "csrfmiddlewaretoken": word})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"csrftoken={cookie}",
        "X-Forwarded-For": address,
    }
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("POST", LOGIN, body, headers)
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status, response.headers


def fetch_token(port: int) -> tuple[str, str]:
    """The cookie and the word of the form that go with each try."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", LOGIN)
    response = connection.getresponse()
    cookie = re.search(r"csrftoken=(\w+)", response.headers["Set-Cookie"])
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', response.read().decode())
    connection.close()
    if not cookie or not token:
        raise RuntimeError("the login has no form")
    return cookie[1], token[1]


if __name__ == "__main__":
    main()
