"""Spans of time as a reader of one language reads them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import translation

from weatherapp.pages.site_tags import decimal, duration


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 seconds"),
        (1, "1 second"),
        (119, "119 seconds"),
        (120, "2 minutes"),
        (7200, "2 hours"),
    ],
)
def test_seconds_and_spans_read_the_same(seconds, words):
    assert duration(float(seconds)) == duration(timedelta(seconds=seconds)) == words


def test_what_is_unknown_is_not_zero():
    assert (duration(None), decimal(None)) == ("", "")


def test_numbers_follow_the_language():
    with translation.override("fr"):
        assert decimal(15.64) == "15,6"
    assert duration(timedelta(days=2000)) == "2,000 days"
