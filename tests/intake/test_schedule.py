"""When a place is due again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOON
from weatherapp.intake.schedule import find_next_backfill_at, find_next_hour_at, find_retry_at
from weatherapp.intake.source import SourceGarbledError, SourceRefusedError, SourceUnavailableError

NOW = NOON + timedelta(minutes=20)
NEXT_HOUR = "13:01"


def find(error, *, failures: int = 1, place_id: int = 1) -> str:
    at = find_retry_at(error, failures=failures, clock_at=NOW, now=NOW, place_id=place_id)
    return f"{at:%H:%M}"


@pytest.mark.parametrize(
    ("place_id", "expected"),
    [(1, "13:01"), (99, "13:01"), (100, "13:02"), (499, "13:05"), (500, "13:01")],
)
def test_a_hundred_places_stay_together_a_few_minutes_after_the_hour(place_id, expected):
    at = find_next_hour_at(clock_at=NOW, now=NOW, place_id=place_id)

    assert f"{at:%H:%M}" == expected


def test_at_the_full_hour_the_next_one_is_meant():
    assert find_next_hour_at(clock_at=NOON, now=NOON, place_id=1) == NOON + timedelta(minutes=61)


def test_a_replay_is_due_when_its_own_hour_turns():
    scene_at = NOON - timedelta(days=4000, minutes=-50)  # ten minutes to its full hour

    at = find_next_hour_at(clock_at=scene_at, now=NOW, place_id=1)

    assert at == NOW + timedelta(minutes=11)


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 30), (10_000, 30)]
)
def test_an_unavailable_source_is_asked_less_and_less_often(failures, minutes):
    at = find_retry_at(
        SourceUnavailableError("no"), failures=failures, clock_at=NOW, now=NOW, place_id=1
    )

    assert at == NOW + timedelta(minutes=minutes)


def test_a_known_time_is_waited_for_and_then_not_all_come_at_once():
    error = SourceUnavailableError("no", retry_at=NOON + timedelta(hours=12))

    assert find(error, place_id=1) == "00:01"
    assert find(error, place_id=200) == "00:03"


def test_a_known_time_that_has_passed_is_now():
    assert find(SourceUnavailableError("no", retry_at=NOON)) == "12:21"


def test_a_garbled_answer_is_asked_for_once_more_and_then_hourly():
    assert find(SourceGarbledError("no"), failures=1) == "12:21"
    assert find(SourceGarbledError("no"), failures=2) == NEXT_HOUR
    assert find(SourceGarbledError("no"), failures=3) == NEXT_HOUR


def test_a_refusal_is_asked_about_hourly():
    assert find(SourceRefusedError("no")) == NEXT_HOUR


@pytest.mark.parametrize(
    ("error", "pause"),
    [
        (SourceUnavailableError("no"), timedelta(hours=1)),
        (SourceUnavailableError("no", retry_at=NOW + timedelta(minutes=1)), timedelta(hours=1)),
        (SourceUnavailableError("no", retry_at=NOW + timedelta(hours=9)), timedelta(hours=9)),
        (SourceGarbledError("no"), timedelta(hours=1)),
        (SourceRefusedError("no"), timedelta(days=1)),
    ],
)
def test_a_places_past_is_asked_for_again_without_hurry(error, pause):
    assert find_next_backfill_at(error, now=NOW) == NOW + pause
