"""A place in a few short lines: what a radio message, an SMS or a terminal has room for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from weatherapp.display.values import show_percent
from weatherapp.display.weather_codes import describe_weather
from weatherapp.domain.short_text import ASCII_ELLIPSIS, ELLIPSIS, Line, fit, to_ascii
from weatherapp.domain.sky import pick_code
from weatherapp.domain.spans import HOUR, floor_hour
from weatherapp.pages.official import ShownWarning
from weatherapp.pages.place import PlacePage
from weatherapp.pages.rule_line import RuleSays
from weatherapp.pages.sentence_tags import rule_name

BYTES_AT_MOST = 200  # what one message of a mesh radio takes
HOURS = 6
NAME = "\x00"  # where a name stands in what a template gives
LINK_RANK, FIGURES_RANK, MORE_RANK, HOURS_RANK = 4, 3, 2, 1  # the highest can best be missed


def write_place(page: PlacePage, *, is_ascii: bool) -> str:
    """At most BYTES_AT_MOST bytes of UTF-8, in the reader's language and units, the place's time."""
    with timezone.override(page.place.zone):
        lines = list(_list_lines(page))
    if is_ascii:
        lines = [_spell_out(line, page) for line in lines]
    return fit(lines, BYTES_AT_MOST, ellipsis=ASCII_ELLIPSIS if is_ascii else ELLIPSIS)


def _list_lines(page: PlacePage) -> Iterator[Line]:
    """In the order of reading: what authorities say before what the site does."""
    yield _make_line("place", page, name=page.place.name)
    if page.replay:
        yield _make_line("replay", page)
    if not page.place.is_replay:
        yield from _list_official(page)
    yield from _list_alerts(page)
    weather, rain = _name_weather(page), _find_rain(page)
    is_all_known = bool(rain) and (bool(weather) or page.place.is_replay)
    rank = HOURS_RANK if is_all_known else 0  # that data is missing is always said
    yield _make_line("hours", page, rank=rank, weather=weather, rain=rain)
    coming = page.coming
    if coming.temperature_low_c is not None or coming.wind_gust_ms is not None:
        yield _make_line("figures", page, rank=FIGURES_RANK)
    reading = page.newest_reading
    time = _show_time(reading.observed_at if reading else None, page.now)
    yield _make_line("data", page, time=time)
    address = settings.SITE_URL + reverse("place", args=[page.place.pk])
    yield _make_line("link", page, rank=LINK_RANK, address=address)


def _list_official(page: PlacePage) -> Iterator[Line]:
    """The gravest official warning that stands; without any, whether anybody would have said so."""
    now, coverage, warnings = page.real_now, page.official.coverage, page.official.warnings
    heard_at = max((one.succeeded_at for one in coverage.sources if one.succeeded_at), default=None)
    words: dict[str, Any] = {"coverage": coverage, "since": _show_time(heard_at, now)}
    if not warnings:
        # That nobody has been heard is always said.
        yield _make_line(
            "official_none", page, rank=0 if coverage.is_silent else MORE_RANK, **words
        )
        return
    worst = warnings[0]
    yield _make_line(
        "official",
        page,
        name=_name_warning(worst),
        severity=worst.severity,
        has_begun=worst.has_begun,
        start=_show_time(worst.onset_at, now),
        end=_show_time(worst.ends_at, now),
    )
    yield _make_line("official_issuer", page, name=worst.issuers[0].name, rank=HOURS_RANK)
    if coverage.is_silent:
        yield _make_line("official_none", page, rank=HOURS_RANK, **words)
    if len(warnings) > 1:
        yield _make_line("official_more", page, rank=MORE_RANK, more=len(warnings) - 1)


def _name_warning(warning: ShownWarning) -> str:
    """As the issuer calls it, in the reader's language where the issuer does; else its kind."""
    text = warning.text
    said = text.event or text.headline if text else ""
    return said or str(warning.events[0].get_hazard_display())


def _list_alerts(page: PlacePage) -> Iterator[Line]:
    """The worst that is open; without any, whether all rules could look."""
    if not page.alerts:
        unknown = sum(rule.state is RuleSays.NO_DATA for rule in page.rules)
        yield _make_line("no_alert", page, rules=len(page.rules), unknown=unknown)
        return
    worst = page.alerts[0]
    yield _make_line(
        "alert",
        page,
        name=rule_name(worst.alert.rule),
        line=worst,
        start=_show_time(worst.alert.onset_at, page.now),
        end=_show_time(worst.alert.ends_at, page.now),
    )
    if page.more_alerts:
        yield _make_line("more", page, rank=MORE_RANK)
    yield _make_line("unofficial", page, rank=MORE_RANK)


def _make_line(
    template: str, page: PlacePage, *, name: str = "", rank: int = 0, **words: object
) -> Line:
    """The template says where the name stands."""
    context = {"page": page, "name": NAME} | words
    text = _tidy(render_to_string(f"text/{template}.txt", context))
    before, _, after = text.partition(NAME)
    return Line(before, _tidy(name), after, rank)


def _spell_out(line: Line, page: PlacePage) -> Line:
    """In ASCII. A place whose name has no letter there is told by its number."""
    name = to_ascii(line.name)
    if line.name == page.place.name and not any(char.isalnum() for char in name):
        name = f"#{page.place.pk}"
    return Line(to_ascii(line.before), name, to_ascii(line.after), line.rank)


def _name_weather(page: PlacePage) -> str:
    """The weather that stands for the next hours; empty: not known."""
    if page.series is None:
        return ""
    start_at = floor_hour(page.now)
    known = page.series.known("weather_code", after=start_at, until=start_at + HOURS * HOUR)
    return describe_weather(pick_code(known.values))


def _find_rain(page: PlacePage) -> str:
    """The probability of any rain within the next hours; empty: not known."""
    prediction = page.facts.prediction
    if page.outlook is None or prediction is None:
        return ""
    passed = max((page.now - prediction.window_end_at) // HOUR, 0)
    last = min(passed + HOURS, len(prediction.hourly_probability))
    return show_percent(prediction.probability_any(passed + 1, last)) if passed < last else ""


def _show_time(at: datetime | None, now: datetime) -> str:
    """In the zone in force; with the day where that is another one than today."""
    if at is None:
        return ""
    is_other_day = timezone.localtime(at).date() != timezone.localtime(now).date()
    return _tidy(render_to_string("text/when.txt", {"at": at, "is_other_day": is_other_day}))


def _tidy(text: str) -> str:
    """One line, whatever a name holds."""
    return " ".join(text.split())
