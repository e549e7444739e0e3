"""Lighthouse's judgement of a page, as on a slow phone."""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tests import ROOT
from tests.browser.chromium import SILENT, find_chromium

SOURCE = ROOT / "tests/browser/node_modules/lighthouse/cli/index.js"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
TRIES = 3  # it loses its browser now and then, of which no page is guilty
FLAGS = ("--headless=new", "--no-sandbox", *SILENT)


@dataclass(frozen=True, slots=True)
class Judgement:
    scores: dict[str, int]  # 0 to 100, by category
    contentful_ms: float  # largest contentful paint, in its simulation
    transferred_bytes: int
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
        transferred_bytes=int(audits["total-byte-weight"]["numericValue"]),
        complaints=tuple(
            f"{name}: {audit['title']}"
            for name, audit in audits.items()
            if audit["score"] is not None and audit["score"] < 0.9
        ),
    )
