"""What every page shows: the site's name, where its weather comes from, whether it is a replay."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from weatherapp.pages.replay import (
    Replay,
    are_all_replays,
    describe_replay,
    find_replay_place,
    read_clocks,
    read_source_names,
)


def site(request: HttpRequest) -> dict[str, object]:
    """Lazy, because the admin's pages need none of it. A view may say `replay` better."""
    return {
        "site_name": settings.SITE_NAME,
        "contact_email": settings.CONTACT_EMAIL,
        "replay": SimpleLazyObject(_read_replay),
        "source_names": SimpleLazyObject(read_source_names),
    }


def _read_replay() -> Replay | None:
    place = find_replay_place()
    if place is None:
        return None
    return describe_replay(place, read_clocks(timezone.now()), is_all=are_all_replays())
