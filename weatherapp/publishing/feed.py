"""What stands in a feed: the newest message of each alert in force, or all of the last two days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from weatherapp.domain.cap import LEVELS, Severity
from weatherapp.models import MessageKind, PublishedMessage
from weatherapp.publishing.text import Text

CAP_TYPE = "application/cap+xml"
LOG_LASTS = timedelta(hours=48)
MOST_ENTRIES = 500
OVER = (MessageKind.ALL_CLEAR, MessageKind.CANCEL)
# What feeds say, without what is wide: documents, evidence, what rules say.
READ = (
    *(field.name for field in PublishedMessage._meta.fields if field.name != "packed"),
    *(f"alert__{name}" for name in ("public_id", "hazard", "place", "rule")),
    *(f"alert__place__{name}" for name in ("name", "latitude", "longitude")),
    "alert__rule__name",
)


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees. `west` may be more than `east`: then it goes over the 180th meridian."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True)
class Filter:
    """Which alerts; all of nothing given."""

    place_id: int | None = None
    tag: str = ""
    box: Box | None = None
    severity: Severity | None = None  # this one and worse


@dataclass(frozen=True, slots=True)
class Feed:
    """`address`: of itself; `page`: for people. `updated_at` None: nothing was ever published."""

    title: str
    address: str
    page: str
    language: str
    updated_at: datetime | None
    messages: Sequence[PublishedMessage]

    def text(self, message: PublishedMessage) -> Text:
        """In the feed's language, or the first that there is."""
        texts = message.texts
        return Text(**(texts.get(self.language) or next(iter(texts.values()))))


def read_in_force(wanted: Filter, *, now: datetime) -> list[PublishedMessage]:
    """The worst first; at most MOST_ENTRIES."""
    newer = PublishedMessage.objects.filter(alert=OuterRef("alert"), number__gt=OuterRef("number"))
    rows = _filter(wanted).filter(expires_at__gt=now).exclude(kind__in=OVER)
    found = list(rows.filter(~Exists(newer)).order_by("-sent_at", "-pk")[:MOST_ENTRIES])
    return sorted(found, key=lambda row: -Severity(row.severity).rank)


def read_log(wanted: Filter, *, now: datetime) -> list[PublishedMessage]:
    """The newest first; at most MOST_ENTRIES."""
    rows = _filter(wanted).filter(sent_at__gt=now - LOG_LASTS)
    return list(rows.order_by("-sent_at", "-pk")[:MOST_ENTRIES])


def read_of_place(place_id: int, *, now: datetime) -> list[PublishedMessage]:
    """The newest message of each of its alerts, for a calendar, which keeps what is over."""
    newer = PublishedMessage.objects.filter(alert=OuterRef("alert"), number__gt=OuterRef("number"))
    rows = _filter(Filter(place_id=place_id)).filter(~Exists(newer))
    return list(rows.order_by("-sent_at", "-pk")[:MOST_ENTRIES])


def find_updated_at() -> datetime | None:
    newest = PublishedMessage.objects.order_by("-sent_at", "-pk").values_list("sent_at", flat=True)
    return newest.first()


def cap_address(message: PublishedMessage) -> str:
    return settings.SITE_URL + message.get_absolute_url()


def page_address(message: PublishedMessage) -> str:
    return settings.SITE_URL + message.alert.get_absolute_url()


def _filter(wanted: Filter) -> QuerySet[PublishedMessage]:
    rows = PublishedMessage.objects.select_related("alert__place", "alert__rule").only(*READ)
    if wanted.place_id is not None:
        rows = rows.filter(alert__place=wanted.place_id)
    if wanted.tag:
        rows = rows.filter(alert__place__tags__name__iexact=wanted.tag)
    if wanted.box is not None:
        rows = rows.filter(within(wanted.box, "alert__place__"))
    if wanted.severity is not None:
        enough = [level.value for level in LEVELS if level.rank >= wanted.severity.rank]
        rows = rows.filter(severity__in=enough)
    return rows


def within(box: Box, place: str) -> Q:
    """`place`: the way to it, as in a look-up."""
    west = Q(**{f"{place}longitude__gte": box.west})
    east = Q(**{f"{place}longitude__lte": box.east})
    across = west & east if box.west <= box.east else west | east
    return across & Q(**{f"{place}latitude__range": (box.south, box.north)})
