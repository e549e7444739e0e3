"""Whose eyes: the active language is Django's; the units are kept beside it, for this thread."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import translation

from weatherapp.domain.units import Units

_units: ContextVar[Units] = ContextVar("units")


def current_units() -> Units:
    return _units.get(Units())


@contextmanager
def shown_to(*, language: str, units: Units) -> Iterator[None]:
    """What is rendered inside is in this language and these units; afterwards all is as before."""
    token = _units.set(units)
    try:
        with translation.override(language):
            yield
    finally:
        _units.reset(token)


def reader_mark() -> str:
    """Part of the key of all that is kept as it was rendered: another mark, another text."""
    return f"{translation.get_language()}.{current_units()}"
