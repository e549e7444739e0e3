"""Lighthouse's judgement of a page, as on a slow phone.

python -m tests.browser.lighthouse            the demo's pages, three times each
python -m tests.browser.lighthouse URL ...    these
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests import ROOT
from tests.browser.chromium import SILENT, find_chromium
from tests.system.site import Site

SOURCE = ROOT / "tests/browser/node_modules/lighthouse/cli/index.js"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
PAGES = ("/", "/places/1/", "/alerts/1/")
TRIES = 3  # it loses its browser now and then, of which no page is guilty
FLAGS = ("--headless=new", "--no-sandbox", *SILENT)


@dataclass(frozen=True, slots=True)
class Judgement:
    scores: dict[str, int]  # 0 to 100, by category
    contentful_ms: float  # largest contentful paint, in its simulation
    blocked_ms: float  # of the main thread; it grows with what else the machine does
    transferred_bytes: int
    blocking: tuple[str, ...]  # addresses without which the browser draws nothing
    complaints: tuple[str, ...]


def judge(url: str) -> Judgement:
    """Of the mobile profile. Raises subprocess.CalledProcessError when Lighthouse fails."""
    command = [
        "node",
        str(SOURCE),
        url,
        "--quiet",
        "--output=json",
        f"--only-categories={','.join(CATEGORIES)}",
        f"--chrome-flags={' '.join(FLAGS)}",
    ]
    environment = os.environ | {"CHROME_PATH": find_chromium() or ""}
    for _ in range(TRIES - 1):
        with suppress(subprocess.CalledProcessError):
            return _read(_run(command, environment))
    return _read(_run(command, environment))


def _run(command: list[str], environment: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(command, env=environment, check=True, capture_output=True, timeout=300)
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def _read(report: dict[str, Any]) -> Judgement:
    audits = report["audits"]
    return Judgement(
        scores={
            name: round(category["score"] * 100) for name, category in report["categories"].items()
        },
        contentful_ms=audits["largest-contentful-paint"]["numericValue"],
        blocked_ms=audits["total-blocking-time"]["numericValue"],
        transferred_bytes=int(audits["total-byte-weight"]["numericValue"]),
        blocking=tuple(
            request["url"]
            for request in audits["network-requests"]["details"]["items"]
            if _is_blocking(request)
        ),
        complaints=tuple(
            f"{name}: {audit['title']}"
            for name, audit in audits.items()
            if audit["score"] is not None and audit["score"] < 0.9
        ),
    )


def _is_blocking(request: dict[str, Any]) -> bool:
    """A script that may wait has the lowest priority."""
    kind, priority = request["resourceType"], request["priority"]
    return kind == "Stylesheet" or (kind == "Script" and priority != "Low")


def _print(urls: list[str]) -> None:
    sys.stdout.write("| page | performance | largest paint, s | blocked, ms | bytes | blocking |\n")
    for url in urls:
        for _ in range(3):
            found = judge(url)
            sys.stdout.write(
                f"| {url} | {found.scores['performance']} | {found.contentful_ms / 1000:.2f} "
                f"| {found.blocked_ms:.0f} | {found.transferred_bytes:,} | {len(found.blocking)} |\n"
            )


def main() -> None:
    if given := sys.argv[1:]:
        return _print(given)
    with TemporaryDirectory() as data, Site(Path(data)).running() as site:
        site.wait_for_demo()
        return _print([f"http://localhost:{site.port}{path}" for path in PAGES])


if __name__ == "__main__":
    main()
