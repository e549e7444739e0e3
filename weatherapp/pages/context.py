"""What every page shows: the site's name and whether its weather is a replay."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from weatherapp.models import Scene


def site(request: HttpRequest) -> dict[str, object]:
    """`scene` is the replay that some place shows, or None."""
    return {"site_name": settings.SITE_NAME, "scene": Scene.objects.first()}
