"""What every page shows: the site's name, where its weather comes from, whether it is a replay."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from weatherapp.display.reader import reader_mark
from weatherapp.pages.replay import (
    Replay,
    are_all_replays,
    describe_replay,
    find_replay_place,
    read_clocks,
    read_source_names,
)


def site(request: HttpRequest) -> dict[str, object]:
    """Lazy, because the admin's pages need none of it. A view may say `replay` better.

    Shared as long as pages are: it takes a look at every place.
    """
    return {
        "site_name": settings.SITE_NAME,
        "reader_mark": reader_mark(),
        "contact_email": settings.CONTACT_EMAIL,
        "replay": SimpleLazyObject(partial(_share, "replay", _read_replay)),
        "source_names": SimpleLazyObject(partial(_share, "sources", read_source_names)),
    }


def _share(name: str, read: Callable[[], object]) -> object:
    return caches["parts"].get_or_set(name, read, settings.PAGES_SHARED_SECONDS)


def _read_replay() -> Replay | None:
    place = find_replay_place()
    if place is None:
        return None
    return describe_replay(place, read_clocks(timezone.now()), is_all=are_all_replays())
