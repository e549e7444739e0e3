"""Where the browser is that the tests drive: CHROMIUM_PATH, or what the system has."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
# Chromium looks for its maker's hosts by itself, which no test wants.
SILENT = ("--disable-background-networking", "--disable-component-update", "--disable-sync")


def find_chromium() -> str | None:
    found = (shutil.which(name) for name in NAMES)
    return os.environ.get("CHROMIUM_PATH") or next(filter(None, found), None)
