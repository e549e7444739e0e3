"""How times are written: 24-hour, in the place's zone, and the zone as an offset."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from weatherapp.domain.formatting import format_offset
from weatherapp.pages.tags import zone_offset

JULY = datetime(2026, 7, 3, 18, 20, tzinfo=UTC)
JANUARY = datetime(2026, 1, 3, 18, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "at", "expected"),
    [
        ("UTC", JULY, "UTC"),
        ("Europe/Dublin", JANUARY, "UTC"),
        ("Europe/Dublin", JULY, "UTC+1"),
        ("Asia/Manila", JULY, "UTC+8"),
        ("America/Sao_Paulo", JULY, "UTC−3"),
        ("Asia/Kolkata", JULY, "UTC+5:30"),
        ("Asia/Kathmandu", JULY, "UTC+5:45"),
        ("America/St_Johns", JANUARY, "UTC−3:30"),
        ("Pacific/Kiritimati", JULY, "UTC+14"),
    ],
)
def test_a_zone_is_written_as_its_offset(zone, at, expected):
    with timezone.override(ZoneInfo(zone)):
        assert zone_offset(at) == expected


def test_an_unknown_offset_is_that_of_utc():
    assert format_offset(None) == "UTC"


def test_an_old_offset_with_seconds_is_rounded_to_minutes():
    assert format_offset(timedelta(minutes=-25, seconds=-21)) == "UTC−0:25"


def render(name: str, **more: object) -> str:
    with timezone.override(ZoneInfo("America/New_York")):
        return render_to_string(f"parts/{name}.html", {"at": JULY, **more})


def test_a_time_is_in_the_zone_in_force_and_says_which_only_when_asked():
    assert render("time") == '<time datetime="2026-07-03T18:20Z">Fri 3 Jul, 14:20</time>'
    assert "Fri 3 Jul, 14:20 UTC−4<" in render("time", shows_zone=True)


def test_a_full_time_says_its_zone():
    assert "Friday 3 July 2026, 14:20 UTC−4<" in render("time_full")


def test_days_and_months_are_in_the_readers_language():
    with translation.override("fr"):
        assert "vendredi 3 juillet 2026" in render("time_full").lower()
