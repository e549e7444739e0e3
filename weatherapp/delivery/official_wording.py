"""A change of an official warning as the mails' templates say it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, get_language_info

from weatherapp.domain.cap import Severity
from weatherapp.domain.official_texts import choose_text, find_primary
from weatherapp.models import OfficialChange, OfficialEvent, OfficialReason, Place, Subscription

MOST_PLACES, MOST_ISSUERS = 20, 5
KINDS = {
    OfficialReason.ISSUED: "issued",
    OfficialReason.SPREAD: "issued",
    OfficialReason.ESCALATED: "escalated",
    OfficialReason.EXTENDED: "extended",
    OfficialReason.CANCELLED: "cancelled",
}


def describe_official_change(
    change: OfficialChange, subscription: Subscription, leaving: Sequence[tuple[Place, str]]
) -> dict[str, Any]:
    """Everything a template needs; texts are the issuer's own, and hostile.

    `leaving`: each place of the reader's that it is about, with the link to leave it. Times are told
    in the zone of the subscription's place. What is told is as it stands by now, but of the end.
    """
    warning = change.warning
    events = _list_events(change)
    kind = KINDS[OfficialReason(change.reason)]
    text = choose_text(events[0].texts or [] if events else [], get_language() or "")
    return {
        "warning": warning,
        "told": change if change.is_end else warning,
        "kind": kind,
        "title_template": f"mail/official-{kind}-title.txt",
        "lead_template": f"mail/official-{kind}-lead.txt",
        "is_over": change.is_end,
        "place": subscription.place,
        "leaving": leaving[:MOST_PLACES],
        "places_left": max(len(leaving) - MOST_PLACES, 0),
        "other_places": len(leaving) - 1,
        "text": text,
        "web": _keep_address(text.get("web", "")),
        "original_language": _name_foreign(text.get("language", "")),
        "issuers": _list_issuers(events)[:MOST_ISSUERS],
        "warning_url": settings.SITE_URL + warning.get_absolute_url(),
    }


def _list_events(change: OfficialChange) -> list[OfficialEvent]:
    """That are not over, the gravest first; of a warning that is over all."""
    rows = change.warning.events.select_related("source").defer("area", "codes", "identifiers")
    events = sorted(rows.order_by("pk"), key=lambda event: -Severity(event.severity).rank)
    return [event for event in events if event.ended_at is None] or events


def _list_issuers(events: Sequence[OfficialEvent]) -> list[OfficialEvent]:
    """An event of each issuer and source."""
    once = {(event.issuer, event.source_id): event for event in reversed(events)}
    return sorted(once.values(), key=lambda event: -Severity(event.severity).rank)


def _keep_address(web: str) -> str:
    """Only what leads to a page."""
    return web if web.startswith(("https://", "http://")) and not web.split()[1:] else ""


def _name_foreign(language: str) -> str:
    """The language's name; "" where it is the reader's, or is not said."""
    code = find_primary(language)
    if not code or code == find_primary(get_language() or ""):
        return ""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return language[:20]
