"""Rows of the large tables, each put together by one tag.

Django's template engine takes some forty steps for a row that is written as a template, and a place's
page has fifty rows. No words are made here: they come from the display package and from small
templates, which are rendered once for each value.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from weatherapp.display.values import (
    show_about,
    show_about_number,
    show_bare,
    show_percent,
    show_short,
    show_value,
)
from weatherapp.domain.quantities import BY_NAME
from weatherapp.models import Reading
from weatherapp.pages.hours import Crossing, HourLine, HourTable
from weatherapp.pages.kept_tags import render_kept, show_date, weather_symbol
from weatherapp.pages.measured import PastHour
from weatherapp.pages.outlook import Outlook, OutlookHour
from weatherapp.pages.place_steps import Step, Steps
from weatherapp.pages.readings_chart import ReadingBar

register = template.Library()

UNKNOWN = "\u2013"
OF_THE_STEPS = (  # what of a step, whether it is shown, its class
    ("precipitation_mm", "has_amount", "rain"),
    ("wind_gust_ms", "has_gust", "gust"),
)
BEFORE_WIND_FROM = ("temperature_c", "precipitation_mm", "wind_speed_ms", "wind_gust_ms")
AFTER_WIND_FROM = ("dew_point_c", "snowfall_cm", "pressure_msl_hpa")


@register.simple_tag
def hour_row(hour: HourLine, table: HourTable) -> SafeString:
    """A line of the hourly table: time and weather, temperature, rain, wind."""
    night = ' class="night"' if hour.is_night else ""
    weather = _weather(hour) if table.has_weather else ""
    cells = (
        _temperature(hour) if table.has_temperature else "",
        f'<td class="rain">{_rain_bar(hour)}<span class="rain-line">{_rain(hour, table)}</span></td>',
        _wind(hour) if table.has_wind else "",
    )
    head = f'<th scope="row">{_show_time(hour.starts_at)}{weather}</th>'
    return SafeString(f"<tr{night}>{head}{''.join(cells)}</tr>")


@register.simple_tag
def step_item(step: Step, steps: Steps) -> SafeString:
    """A column of the strip of 24 hours."""
    parts = [f"<time>{_show_time(step.starts_at)}</time>"]
    if steps.has_weather:
        symbol = weather_symbol(step.weather_code, step.is_night, 26)
        is_unknown = step.weather_code is None
        parts.append('<span class="symbol"></span>' if is_unknown else symbol)
    if steps.has_temperature:
        parts.append(f"<b>{_short('temperature_c', step.temperature_c)}</b>")
    if steps.has_probability:
        parts.append(f'<span class="rain">{_percent(step.probability)}</span>')
    parts += [
        f'<span class="{kind}">{_short(name, getattr(step, name))}</span>'
        for name, is_shown, kind in OF_THE_STEPS
        if getattr(steps, is_shown)
    ]
    wet = ' class="is-wet"' if step.is_wet else ""
    return SafeString(f"<li{wet}>{' '.join(parts)}</li>")


@register.simple_tag
def past_hour_row(hour: PastHour) -> SafeString:
    """A line of the table of readings, as its head has the columns."""
    at = _show_day_and_time(hour.observed_at)
    head = f'<tr><th scope="row">{at}</th>'
    cells = _measured(hour, hour.reading) if hour.reading else render_kept("place/no_reading.html")
    return SafeString(f"{head}{cells}</tr>")


@register.simple_tag
def chance_row(hour: OutlookHour, outlook: Outlook) -> SafeString:
    """A line of the table of probabilities, as its head has the columns."""
    cells = [hour.percent, hour.by_then_percent]
    if outlook.is_blended:
        cells.append(hour.model_percent)
    if outlook.has_source:
        cells.append(hour.source_percent or UNKNOWN)
    past = ' class="is-past"' if hour.is_past else ""
    shown = "".join(f'<td class="number">{escape(cell)}</td>' for cell in cells)
    start = _show_day_and_time(hour.starts_at)
    end = _show_time(hour.ends_at)
    return SafeString(f'<tr{past}><th scope="row">{start}\u2013{end}</th>{shown}</tr>')


@register.simple_tag
def reading_bars(bars: Iterable[ReadingBar]) -> SafeString:
    """The hours of a chart in which rain was measured."""
    return SafeString("".join(_draw_bar("bar", bar, _name_bar(bar)) for bar in bars))


@register.simple_tag
def gap_bars(bars: Iterable[ReadingBar]) -> SafeString:
    """The hours of a chart of which there is no reading."""
    return SafeString("".join(_draw_bar("gap", bar, _name_gap(bar)) for bar in bars))


def _draw_bar(kind: str, bar: ReadingBar, title: str) -> str:
    place = f'x="{bar.x}%" y="{bar.y}" width="{bar.width}%" height="{bar.height}"'
    return f'<rect class="{kind}" {place}><title>{title}</title></rect>'


def _name_bar(bar: ReadingBar) -> str:
    rain_mm = bar.row.reading.precipitation_mm if bar.row.reading else None
    amount = "" if rain_mm is None else show_value(BY_NAME["precipitation_mm"], rain_mm)
    time = _show_time(bar.row.observed_at)
    return render_kept("place/bar_title.html", time=time, amount=amount)


def _name_gap(bar: ReadingBar) -> str:
    return render_kept("place/gap_title.html", time=_show_time(bar.row.observed_at))


def _weather(hour: HourLine) -> str:
    crossing = hour.crossings.get("weather_code")
    marked = " crossing" if crossing else ""
    symbol = weather_symbol(hour.values["weather_code"], hour.is_night, 24)
    return f' <span class="hour-weather{marked}">{symbol}{_says(crossing)}</span>'


def _temperature(hour: HourLine) -> str:
    felt = hour.feels_like_c
    beside = "" if felt is None else f" <small>({_about_number('temperature_c', felt)})</small>"
    return f'<td class="number">{_number(hour, "temperature_c")}{beside}</td>'


def _rain(hour: HourLine, table: HourTable) -> str:
    star = "*" if hour.is_sources_own and table.has_sources_own else ""
    shown = f"<span>{_percent(hour.probability)}{star}</span>"
    rain_mm, snow_cm = hour.values["precipitation_mm"], hour.values["snowfall_cm"]
    if rain_mm:
        amount = escape(show_about(BY_NAME["precipitation_mm"], rain_mm))
        shown += _small(amount, hour.crossings.get("precipitation_mm"))
    if snow_cm:
        amount = render_kept(
            "place/hour_snow.html", amount=show_about(BY_NAME["snowfall_cm"], snow_cm)
        )
        shown += _small(amount, hour.crossings.get("snowfall_cm"))
    return shown


def _small(amount: str, crossing: Crossing | None) -> str:
    marked = ' class="crossing"' if crossing else ""
    return f" <small{marked}>{amount}{_says(crossing)}</small>"


def _wind(hour: HourLine) -> str:
    is_known = hour.values["wind_gust_ms"] is not None
    gust = f" <small>({_number(hour, 'wind_gust_ms')})</small>" if is_known else ""
    return f'<td class="number">{_number(hour, "wind_speed_ms")}{gust}</td>'


def _number(hour: HourLine, name: str) -> str:
    """What reaches a rule's level is marked."""
    value, crossing = hour.values[name], hour.crossings.get(name)
    number = "" if value is None else _about_number(name, value)
    if not crossing:
        return number or UNKNOWN
    return f'<span class="crossing">{number}{_says(crossing)}</span>'


def _says(crossing: Crossing | None) -> str:
    return render_kept("place/crossing.html", crossing=crossing) if crossing else ""


def _rain_bar(hour: HourLine) -> str:
    """How likely rain is, drawn; nothing where that is unknown."""
    if hour.probability is None:
        return ""
    kind = "bar bar-source" if hour.is_sources_own else "bar"
    marks = [_mark("threshold", mark.x) for mark in hour.thresholds]
    if hour.by_then_x is not None:
        marks.append(_mark("by-then", hour.by_then_x))
    return (
        '<svg class="rain-bar" aria-hidden="true" focusable="false">'
        f'<rect class="{kind}" width="{hour.bar}%" height="100%"/>{"".join(marks)}</svg>'
    )


def _mark(kind: str, x: float) -> str:
    return f'<line class="{kind}" x1="{x}%" x2="{x}%" y2="100%"/>'


def _measured(hour: PastHour, reading: Reading) -> str:
    def numbers(names: tuple[str, ...]) -> str:
        return "".join(
            f'<td class="number">{_bare(name, getattr(reading, name))}</td>' for name in names
        )

    weather, wind_from = escape(hour.weather) or UNKNOWN, escape(hour.wind_from) or UNKNOWN
    before, after = numbers(BEFORE_WIND_FROM), numbers(AFTER_WIND_FROM)
    return f"<td>{weather}</td>{before}<td>{wind_from}</td>{after}"


def _show_day_and_time(at: datetime) -> str:
    return escape(show_date(timezone.localtime(at), pgettext("date format", "D H:i")))


def _show_time(at: datetime) -> str:
    return f"{timezone.localtime(at):%H:%M}"


def _percent(probability: float | None) -> str:
    return UNKNOWN if probability is None else escape(show_percent(probability))


def _short(name: str, value: float | None) -> str:
    return UNKNOWN if value is None else escape(show_short(BY_NAME[name], value))


def _bare(name: str, value: float | None) -> str:
    return UNKNOWN if value is None else escape(show_bare(BY_NAME[name], value))


def _about_number(name: str, value: float) -> str:
    return escape(show_about_number(BY_NAME[name], value))
