"""What makes the site installable, and readable without a network."""

from __future__ import annotations

import json
from functools import cache
from hashlib import blake2b
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_bidi
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

GROUND = "#f6f5f1"  # as in variables.css
ICONS = (
    ("favicon.svg", "any", "image/svg+xml", "any"),
    ("img/icon-192.png", "192x192", "image/png", "any"),
    ("img/icon-512.png", "512x512", "image/png", "any"),
    ("img/icon-maskable-512.png", "512x512", "image/png", "maskable"),
)
# What the page for who is offline is drawn with. All else is kept when it is first seen.
ASSETS = ("css/pages/plain.css", "js/offline.js", "favicon.svg")


@require_safe
@cache_control(no_cache=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """https://www.w3.org/TR/appmanifest/"""
    response = JsonResponse(
        {
            "name": settings.SITE_NAME,
            "short_name": settings.SITE_NAME,
            "description": render_to_string("pwa/description.txt").strip(),
            "lang": translation.get_language(),
            "dir": "rtl" if get_language_bidi() else "ltr",
            "id": reverse("home"),
            "start_url": reverse("home"),
            "scope": reverse("home"),
            "display": "standalone",
            "background_color": GROUND,
            "theme_color": GROUND,
            "icons": [
                {"src": static(name), "sizes": sizes, "type": kind, "purpose": purpose}
                for name, sizes, kind, purpose in ICONS
            ],
        },
        content_type="application/manifest+json",
    )
    patch_vary_headers(response, ["Accept-Language", "Cookie"])
    return response


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """At the root, for a worker may look after what is below its own address only."""
    template = "service-worker" if settings.OFFLINE_PAGES else "no-service-worker"
    context = {
        "release": name_release(),
        "offline": reverse("offline"),
        "static": settings.STATIC_URL,
        "assets": json.dumps([static(name) for name in ASSETS]),
    }
    return render(request, f"pwa/{template}.js", context, content_type="text/javascript")


@require_safe
@cache_control(no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    return render(request, "offline.html")


@cache
def name_release() -> str:
    """Another name, another store in browsers: by what pages are drawn with."""
    mark = blake2b(settings.COMMIT.encode(), digest_size=6)
    for kind in ("css", "js"):
        for file in sorted(Path(str(finders.find(kind))).rglob(f"*.{kind}")):
            mark.update(file.read_bytes())
    return mark.hexdigest()
