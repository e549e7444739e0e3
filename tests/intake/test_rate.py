"""The allowance of requests, in fixed clock windows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from weatherapp.intake.rate import DAY, HOUR, MINUTE, RateKeeper, find_window_end
from weatherapp.intake.source import SourceUnavailableError

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 1, 12, 7, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "length", "end_at"),
    [
        pytest.param(NOW, MINUTE, datetime(2026, 1, 1, 12, 8, tzinfo=UTC), id="minute"),
        pytest.param(NOW, HOUR, datetime(2026, 1, 1, 13, tzinfo=UTC), id="full hour"),
        pytest.param(NOW, DAY, datetime(2026, 1, 2, tzinfo=UTC), id="midnight UTC"),
        pytest.param(
            datetime(2026, 1, 1, 13, tzinfo=UTC),
            HOUR,
            datetime(2026, 1, 1, 14, tzinfo=UTC),
            id="at the edge the next window has begun",
        ),
    ],
)
def test_a_window_ends_by_the_clock(now, length, end_at):
    assert find_window_end(now, length) == end_at


def test_the_limit_itself_may_be_used_up():
    keeper = RateKeeper("open_meteo", {MINUTE: 10.0})

    keeper.reserve(10.0, now=NOW)

    with pytest.raises(SourceUnavailableError, match="12:08"):
        keeper.reserve(1.0, now=NOW)


def test_a_window_forgets_when_it_ends():
    keeper = RateKeeper("open_meteo", {MINUTE: 10.0})
    keeper.reserve(10.0, now=NOW)

    keeper.reserve(10.0, now=NOW + timedelta(seconds=30))

    with pytest.raises(SourceUnavailableError):  # the new one is full as well
        keeper.reserve(1.0, now=NOW + timedelta(seconds=31))


def test_the_longer_window_remembers():
    keeper = RateKeeper("open_meteo", {MINUTE: 10.0, HOUR: 15.0})
    keeper.reserve(10.0, now=NOW)

    with pytest.raises(SourceUnavailableError) as caught:
        keeper.reserve(6.0, now=NOW + timedelta(minutes=1))

    assert caught.value.retry_at == datetime(2026, 1, 1, 13, tzinfo=UTC)


def test_a_refused_request_is_not_counted():
    keeper = RateKeeper("open_meteo", {MINUTE: 10.0})

    with pytest.raises(SourceUnavailableError):
        keeper.reserve(11.0, now=NOW)

    keeper.reserve(10.0, now=NOW)


def test_what_is_given_back_may_be_used_again():
    keeper = RateKeeper("open_meteo", {MINUTE: 10.0})
    keeper.reserve(10.0, now=NOW)

    keeper.give_back(9.0, now=NOW)

    keeper.reserve(9.0, now=NOW)
    with pytest.raises(SourceUnavailableError):
        keeper.reserve(1.0, now=NOW)


def test_nothing_is_asked_while_it_is_closed():
    keeper = RateKeeper("open_meteo", {})
    keeper.close(until=NOW + MINUTE)

    with pytest.raises(SourceUnavailableError):
        keeper.reserve(1.0, now=NOW)

    keeper.reserve(1.0, now=NOW + MINUTE)


def test_what_can_wait_leaves_the_rest_of_the_allowance():
    keeper = RateKeeper("open_meteo", {MINUTE: 10.0})
    keeper.reserve(5.0, now=NOW, share=0.5)

    with pytest.raises(SourceUnavailableError):
        keeper.reserve(1.0, now=NOW, share=0.5)

    keeper.reserve(5.0, now=NOW)
