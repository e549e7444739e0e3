"""How long somebody waits, in one unit."""

import pytest
from django.template.loader import render_to_string

from weatherapp.pages.waits import wait_about, wait_at_least


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (1, "1 second"),
        (99, "99 seconds"),
        (100, "2 minutes"),
        (121, "3 minutes"),
        (5_940, "99 minutes"),
        (5_941, "2 hours"),
    ],
)
def test_a_wait_is_never_told_too_short(seconds, expected):
    assert render_to_string("parts/wait.html", {"wait": wait_at_least(seconds)}) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (1, "about a second"),
        (2, "about 2 seconds"),
        (100, "about 2 minutes"),
        (3_000, "about 50 minutes"),
    ],
)
def test_an_estimate_is_told_as_one(seconds, expected):
    assert render_to_string("request/wait.html", {"wait": wait_about(seconds)}) == expected
