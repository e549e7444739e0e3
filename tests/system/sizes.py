"""What the site's processes hold, and what they say that they hold."""

from __future__ import annotations

import json

import psutil

from tests.system.site import Site

PAGES = ("/", "/places/1/", "/alerts/1/", "/health", "/queue-status", "/admin/login/")


def read_many_pages(site: Site, count: int) -> None:
    for number in range(count):
        site.page(PAGES[number % len(PAGES)])


def own_mb(process: psutil.Process) -> float:
    """What nobody shares: other tests of this run may have TensorFlow's files in memory, too,
    and the kernel keeps those pages for them."""
    return process.memory_full_info().uss / 1024**2


def read_health(site: Site) -> dict:
    return json.loads(site.page("/health"))


def all_report(site: Site) -> dict | None:
    processes = read_health(site)["processes"]
    return processes if {part["status"] for part in processes.values()} == {"ok"} else None
