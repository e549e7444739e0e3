"""What browsers take to install the site and to show it offline, and what search engines take."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from tests import ROOT
from tests.pages.markup import read
from weatherapp.pages import pwa

AT_ROOT = ROOT / "weatherapp/at_root"


@pytest.fixture
def worker(client):
    return client.get("/service-worker.js").content.decode()


def test_manifest_names_the_site_in_the_readers_language(client, settings):
    settings.SITE_NAME = "Wetter & mehr"
    english, french = (
        client.get("/manifest.webmanifest", headers={"Accept-Language": language})
        for language in ("en", "fr")
    )

    assert english["Content-Type"] == "application/manifest+json"
    assert english.json()["name"] == "Wetter & mehr"
    assert (english.json()["lang"], french.json()["lang"]) == ("en", "fr")
    assert {"Accept-Language", "Cookie"} <= set(english["Vary"].split(", "))


def test_manifest_has_what_an_installation_asks_for(client):
    stated = client.get("/manifest.webmanifest").json()
    icons = {(icon["sizes"], icon["purpose"]): icon["src"] for icon in stated["icons"]}

    assert (stated["start_url"], stated["scope"], stated["display"]) == ("/", "/", "standalone")
    assert {("192x192", "any"), ("512x512", "any"), ("512x512", "maskable")} <= icons.keys()


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("img/icon-192.png", 192),
        ("img/icon-512.png", 512),
        ("img/icon-maskable-512.png", 512),
        ("img/icon-180.png", 180),
    ],
)
def test_icons_are_as_large_as_the_manifest_says(name, size):
    head = Path(str(finders.find(name))).read_bytes()[:24]

    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert [int.from_bytes(head[at : at + 4], "big") for at in (16, 20)] == [size, size]


def test_what_browsers_look_for_unasked_is_there():
    assert (AT_ROOT / "favicon.ico").read_bytes()[:4] == b"\0\0\1\0"
    assert (AT_ROOT / "apple-touch-icon.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.django_db  # the end of a request looks at the connections
@pytest.mark.parametrize("address", ["/favicon.ico", "/apple-touch-icon.png"])
def test_they_are_at_the_root(client, address):
    answer = client.get(address)
    body = b"".join(answer.streaming_content)
    answer.close()

    assert answer.status_code == 200
    assert body == (AT_ROOT / address[1:]).read_bytes()


def test_worker_is_a_script_that_browsers_ask_for_anew(client):
    answer = client.get("/service-worker.js")

    assert answer["Content-Type"] == "text/javascript"
    assert "no-cache" in answer["Cache-Control"]
    assert "worker-src 'self'" in answer["Content-Security-Policy"]


def test_worker_names_files_that_are_there(client, worker):
    files = json.loads(re.search(r"ASSETS = (\[.*\]);", worker)[1])

    assert files
    assert all(finders.find(file.removeprefix("/static/")) for file in files)
    assert client.get(re.search(r'OFFLINE = "(.*?)"', worker)[1]).status_code == 200


@pytest.mark.parametrize(
    ("path", "is_apart"),
    [
        ("/admin/", True),
        ("/api/v1/predictions/1", True),
        ("/health", True),
        ("/subscriptions/token/confirm", True),
        ("/predictions/1/", True),
        ("/preferences", True),
        ("/places/1-dublin/subscribe", True),
        ("/places/1/subscribed", True),
        ("/status", True),
        ("/", False),
        ("/places/1-dublin/", False),
        ("/places/2-admin/", False),
        ("/alerts/3-wind/", False),
        ("/help", False),
    ],
)
def test_worker_keeps_nothing_of_one_person(worker, path, is_apart):
    pattern = re.search(r"APART = /(.*)/;", worker)[1].replace(r"\/", "/")

    assert bool(re.search(pattern, path)) is is_apart


def test_another_style_is_another_store(settings, monkeypatch, tmp_path):
    monkeypatch.setattr(pwa.finders, "find", lambda kind: tmp_path)
    (tmp_path / "base.css").write_text("a {}")
    pwa.name_release.cache_clear()
    before = pwa.name_release()
    (tmp_path / "base.css").write_text("b {}")
    pwa.name_release.cache_clear()

    assert pwa.name_release() != before
    pwa.name_release.cache_clear()


@pytest.mark.django_db
def test_switched_off_the_worker_goes_and_no_page_calls_it(client, settings):
    assert read(client.get("/help").content.decode()).one("script").attributes["data-worker"]

    settings.OFFLINE_PAGES = False

    worker = client.get("/service-worker.js").content.decode()
    assert "unregister()" in worker
    assert "fetch" not in worker
    script = read(client.get("/help").content.decode()).one("script")
    assert "data-worker" not in script.attributes


@pytest.mark.django_db
def test_robots_are_asked_to_leave_what_is_not_for_their_readers(client):
    answer = client.get("/robots.txt")
    lines = answer.content.decode().splitlines()

    assert answer["Content-Type"].startswith("text/plain")
    assert lines[1] == "User-agent: *"
    assert {"Disallow: /admin/", "Disallow: /api/v1/", "Disallow: /subscriptions/"} <= set(lines)
    assert "Disallow: /" not in lines
