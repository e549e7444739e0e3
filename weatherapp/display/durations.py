"""How long something lasts or how old it is, in the active language."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import ngettext_lazy

from weatherapp.display.values import show_number

SECOND = timedelta(seconds=1)
UNITS = (
    (timedelta(days=1), ngettext_lazy("%(number)s day", "%(number)s days", "count")),
    (timedelta(hours=1), ngettext_lazy("%(number)s hour", "%(number)s hours", "count")),
    (timedelta(minutes=1), ngettext_lazy("%(number)s minute", "%(number)s minutes", "count")),
)
SECONDS = ngettext_lazy("%(number)s second", "%(number)s seconds", "count")


def show_duration(age: timedelta) -> str:
    """In the largest unit of which there are at least two: 90 minutes, 3 hours; never below 0."""
    for unit, words in UNITS:
        if age >= 2 * unit:
            return _fill(words, age // unit)
    return _fill(SECONDS, max(age // SECOND, 0))


def _fill(words: object, count: int) -> str:
    return str(words % {"count": count, "number": show_number(count)})  # type: ignore[operator]
