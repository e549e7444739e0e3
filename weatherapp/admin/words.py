"""Times, chances and lists as the admin's columns say them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext, pgettext

from weatherapp.display.labels import name_quantity
from weatherapp.display.values import show_percent
from weatherapp.models import Reading, SourceName

MINUTE = timedelta(minutes=1)


def say_age(at: datetime | None, *, now: datetime) -> str:
    """How long ago, in one unit; what a wrong clock has dated into the future has no age."""
    if at is None:
        return gettext("never")
    if at - now > MINUTE:
        return pgettext("a time", "unknown")
    return gettext("%(age)s ago") % {"age": timesince(at, now, depth=1)}


def say_due(at: datetime | None, *, now: datetime) -> str:
    """How soon, in one unit."""
    if at is None or at <= now:
        return pgettext("a time", "now")
    return gettext("in %(time)s") % {"time": timeuntil(at, now, depth=1)}


def say_time(at: datetime) -> str:
    """As Django's own columns do: with its zone."""
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT")


def say_hour(at: datetime) -> str:
    """For tables of a day or two: weekday and time, with its zone."""
    return formats.date_format(timezone.localtime(at), "D H:i T")


def name_column(quantity: str) -> str:
    """The name of a quantity with the unit in which rows hold it."""
    measured = {field.name: field.verbose_name for field in Reading._meta.fields}
    return capfirst(str(measured.get(quantity) or name_quantity(quantity)))


def name_source(code: str) -> str:
    """A source's name; what is none, or no longer, stays as the row has it."""
    return str(SourceName(code).label) if code in SourceName.values else code


def say_chance(share: float | None) -> str:
    return "-" if share is None else show_percent(share)


def show_table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> SafeString:
    """A table; every cell is escaped. Where it is too wide it scrolls, by the keyboard as well."""
    body = format_html_join("", "<tr>{}</tr>", ((_cells(row),) for row in rows))
    return format_html(
        '<div class="wide" tabindex="0"><table><thead><tr>{}</tr></thead>'
        "<tbody>{}</tbody></table></div>",
        format_html_join("", '<th scope="col">{}</th>', ((cell,) for cell in head)),
        body,
    )


def show_facts(facts: Mapping[str, Any]) -> SafeString:
    """Name and value, a line each; what is unknown says so, facts within facts go below."""
    lines = (
        (
            name.replace("_", " "),
            show_facts(value) if isinstance(value, dict) else _or_unknown(value),
        )
        for name, value in facts.items()
    )
    return format_html_join("", "<div>{}: <strong>{}</strong></div>", lines)


def _cells(row: Iterable[object]) -> SafeString:
    return format_html_join("", "<td>{}</td>", ((_or_unknown(cell),) for cell in row))


def _or_unknown(value: object) -> object:
    return pgettext("a value", "unknown") if value is None else value
