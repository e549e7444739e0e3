"""What pages show many times over: moments, ages and symbols, each rendered once.

The same hours, ages and symbols come again on every page, and Django takes longer to render one than
to find it again. All that is kept is small, of a bounded number, and known by what it was made from:
its values, the zone in force, the reader's language and units.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache

from django import template
from django.template.defaultfilters import date as django_date
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from weatherapp.display.reader import reader_mark
from weatherapp.display.symbols import name_symbol
from weatherapp.display.weather_codes import describe_weather
from weatherapp.pages.readings_chart import Segment

register = template.Library()

MOST_KEPT = 500  # of each kind, some 700 bytes each
MINUTE = timedelta(minutes=1)
LINKED = ("home", "map", "skill", "help", "feeds", "about", "status", "privacy")  # from every page


@register.simple_tag
def moment(at: datetime, shows_zone: object = False) -> SafeString:
    """Date and time, as parts/time.html has them."""
    return render_kept("parts/time.html", at=at, shows_zone=bool(shows_zone))


@register.simple_tag
def clock(at: datetime, now: datetime) -> SafeString:
    """The time of day, as parts/clock.html has it."""
    is_later_date = timezone.localtime(at).date() > timezone.localtime(now).date()
    return render_kept("parts/clock.html", at=at, is_later_date=is_later_date)


@register.simple_tag
def ago(at: datetime, now: datetime) -> SafeString:
    """How long ago, in whole minutes, as parts/ago.html has it."""
    minutes = int((now - at).total_seconds() / 60)
    return render_kept("parts/ago.html", at=at, now=at + minutes * MINUTE, minutes=minutes)


@register.simple_tag
def weather_symbol(code: float | None, is_night: object = False, size: int = 32) -> SafeString:
    """The picture of a weather code, named in words; nothing for what is unknown."""
    symbol = name_symbol(code, is_night=bool(is_night))
    if not symbol:
        return SafeString("")
    words = describe_weather(code)
    return render_kept("parts/weather_symbol.html", symbol=symbol, words=words, size=size)


@register.simple_tag(takes_context=True)
def links(context: template.Context, name: str) -> SafeString:
    """A list of links to the site's pages; the one that is shown is marked."""
    path = context["request"].path if "request" in context else ""
    return render_kept(name, current=path if path in _linked_paths() else "")


@lru_cache(maxsize=1)
def _linked_paths() -> frozenset[str]:
    return frozenset(map(reverse, LINKED))


@register.filter(name="date", expects_localtime=True, is_safe=False)
def show_date(at: datetime | date | None, form: str | None = None) -> str:
    """Django's own filter, whose answers for moments are kept."""
    if not isinstance(at, datetime) or at.tzinfo is None:
        return django_date(at, form)
    # Equal moments of two zones are written differently.
    return _show_moment(at, at.tzinfo, form, get_language())


@register.filter
def svg_lines(segments: Iterable[Segment], kind: str) -> SafeString:
    """Lines of a chart; `kind` is their class."""
    return SafeString(
        "".join(
            f'<line class="{kind}" x1="{one.x1}%" y1="{one.y1}" x2="{one.x2}%" y2="{one.y2}"/>'
            for one in segments
        )
    )


def render_kept(name: str, **values: object) -> SafeString:
    """A small template, of values that are all that it is made of."""
    zone = timezone.get_current_timezone()
    return _render_once(name, zone, reader_mark(), tuple(values.items()))


@lru_cache(maxsize=2 * MOST_KEPT)
def _render_once(
    name: str, zone: object, mark: str, values: tuple[tuple[str, object], ...]
) -> SafeString:
    """`zone` and `mark` are in force: they are only part of the key."""
    return render_to_string(name, dict(values))


@lru_cache(maxsize=MOST_KEPT)
def _show_moment(at: datetime, zone: object, form: str | None, language: str | None) -> str:
    return django_date(at, form)
