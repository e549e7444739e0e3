"""Addresses that say what they lead to: the number leads, the words after it may change."""

from __future__ import annotations

from django.utils.text import slugify

LONGEST_WORDS = 60


def add_words(pk: int, *names: str) -> str:
    """As 12-jfk-airport; names without a letter of the alphabet add nothing."""
    words = slugify(" ".join(names))[:LONGEST_WORDS].strip("-")
    return f"{pk}-{words}" if words else str(pk)
