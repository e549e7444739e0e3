"""Writes a picture of every page to a folder, to be looked at: `make screenshots`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from playwright.sync_api import sync_playwright

from tests.browser.addresses import list_addresses
from tests.browser.chromium import SILENT, find_chromium
from tests.system.site import Site

PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
APPEARANCES = {
    "desktop": {"viewport": DESKTOP},
    "phone": {"viewport": PHONE, "device_scale_factor": 2},
    "dark": {"viewport": PHONE, "device_scale_factor": 2, "color_scheme": "dark"},
    "french": {"viewport": PHONE, "device_scale_factor": 2, "locale": "fr-FR"},
}


def write_screenshots(site: Site, folder: Path) -> int:
    """How many there are."""
    written = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*SILENT])
        for name, appearance in APPEARANCES.items():
            context = browser.new_context(base_url=f"http://localhost:{site.port}", **appearance)
            page = context.new_page()
            for what, address in list_addresses(site).items():
                page.goto(address, wait_until="networkidle")
                page.screenshot(path=folder / name / f"{what}.png", full_page=True)
                written += 1
            context.close()
        browser.close()
    return written


def main() -> None:
    folder = Path(sys.argv[1])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.browser.official import store_official_warnings  # it packs as the models do

    with TemporaryDirectory() as data, Site(Path(data)).running() as site:
        site.wait_for_demo()
        store_official_warnings(site)
        sys.stdout.write(f"{write_screenshots(site, folder)} pictures in {folder}/\n")


if __name__ == "__main__":
    main()
