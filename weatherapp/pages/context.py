"""What every page shows: the site's name, where its weather comes from, whether it is a replay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from weatherapp.display.reader import reader_mark
from weatherapp.pages.replay import Replay, describe_replays, read_clocks, read_sources


def site(request: HttpRequest) -> dict[str, object]:
    """Lazy, because the admin's pages need none of it. A view may say both better.

    Shared as long as pages are: it takes a look at every place.
    """
    sources = SimpleLazyObject(_share_sources)
    return {
        "site_name": settings.SITE_NAME,
        "reader_mark": reader_mark(),
        "contact_email": settings.CONTACT_EMAIL,
        "replay": SimpleLazyObject(lambda: sources.replay),
        "source_names": SimpleLazyObject(lambda: sources.names),
    }


@dataclass(frozen=True, slots=True)
class _Shown:
    names: Sequence[str]
    replay: Replay | None


def _share_sources() -> _Shown:
    found = caches["parts"].get_or_set("sources", _read_sources, settings.PAGES_SHARED_SECONDS)
    assert isinstance(found, _Shown)  # noqa: S101 - of a function that gives it
    return found


def _read_sources() -> _Shown:
    sources = read_sources()
    clocks = read_clocks(timezone.now()) if sources.replay_zone else None
    return _Shown(sources.names, describe_replays(sources, clocks) if clocks else None)
