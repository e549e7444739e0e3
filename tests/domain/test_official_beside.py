"""Official warnings of the same kind and hours as an alert of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from weatherapp.domain.official_beside import find_beside

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Event:
    hazard: str = "WIND"
    onset_at: datetime = NOON
    ends_at: datetime | None = NOON + 6 * HOUR


@dataclass(frozen=True)
class Warned:
    events: tuple[Event, ...]


@pytest.mark.parametrize(
    ("onset_h", "ends_h", "is_found"),
    [
        pytest.param(0, 6, True, id="the same hours"),
        pytest.param(-3, 1, True, id="it ends within"),
        pytest.param(5, None, True, id="it begins within, and goes on"),
        pytest.param(-9, None, True, id="it goes on"),
        pytest.param(2, 3, True, id="it is within"),
        pytest.param(-3, 12, True, id="the warning is within"),
        pytest.param(-3, 0, False, id="it ends as the warning begins"),
        pytest.param(6, 9, False, id="it begins as the warning ends"),
        pytest.param(7, None, False, id="later"),
    ],
)
def test_hours_in_common(onset_h, ends_h, is_found):
    warned = Warned((Event(),))
    ends_at = None if ends_h is None else NOON + ends_h * HOUR

    found = find_beside("WIND", NOON + onset_h * HOUR, ends_at, [warned])

    assert found == ((warned,) if is_found else ())


def test_a_warning_without_an_end_goes_on():
    warned = Warned((Event(ends_at=None),))

    assert find_beside("WIND", NOON + 99 * HOUR, None, [warned]) == (warned,)


@pytest.mark.parametrize(
    ("ours", "theirs", "is_found"),
    [
        ("SNOW", "ICE", True),
        ("RAIN", "FLOOD", True),
        ("WIND", "SNOW", False),
        ("GENERIC", "GENERIC", False),  # nobody knows that it is the same
        ("PRESSURE_FALL", "WIND", False),
    ],
)
def test_kinds(ours, theirs, is_found):
    warned = Warned((Event(theirs),))

    assert find_beside(ours, NOON, None, [warned]) == ((warned,) if is_found else ())


def test_one_issuer_is_enough_and_the_order_stays():
    far, mixed, near = (
        Warned((Event("FOG"),)),
        Warned((Event("FOG"), Event())),
        Warned((Event(),)),
    )

    assert find_beside("WIND", NOON, None, [mixed, far, near]) == (mixed, near)
