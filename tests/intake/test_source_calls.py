"""Calls are counted for the whole site: by all workers, over restarts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.together import do_at_once
from weatherapp.intake.rate import DAY, HOUR, MINUTE, RateKeeper
from weatherapp.intake.source import SourceUnavailableError
from weatherapp.models import SourceCalls

NOW = datetime(2026, 1, 1, 12, 7, 30, tzinfo=UTC)
DAILY = {MINUTE: 600.0, DAY: 1000.0}


def read_used(length=DAY, now=NOW):
    return SourceCalls.objects.read_used("open_meteo", length, now=now)


@pytest.mark.django_db
def test_a_new_process_goes_on_counting():
    RateKeeper("open_meteo", DAILY).reserve(600.0, now=NOW)
    after_restart = RateKeeper("open_meteo", DAILY)

    with pytest.raises(SourceUnavailableError) as caught:
        after_restart.reserve(401.0, now=NOW + MINUTE)

    assert caught.value.retry_at == datetime(2026, 1, 2, tzinfo=UTC)
    after_restart.reserve(400.0, now=NOW + MINUTE)
    assert (read_used(), read_used(MINUTE, NOW + MINUTE)) == (1000.0, 400.0)


@pytest.mark.django_db
def test_the_next_day_begins_at_nothing():
    RateKeeper("open_meteo", DAILY).reserve(600.0, now=NOW)

    assert read_used(now=NOW + DAY) == 0.0
    RateKeeper("open_meteo", DAILY).reserve(600.0, now=NOW + DAY)


@pytest.mark.django_db
def test_what_is_given_back_after_its_window_is_not_taken_from_the_next():
    keeper = RateKeeper("open_meteo", DAILY)
    keeper.reserve(100.0, now=NOW)
    keeper.reserve(5.0, now=NOW + MINUTE)

    keeper.give_back(99.0, now=NOW + MINUTE)

    assert read_used() == 6.0
    assert read_used(MINUTE, NOW + MINUTE) == 0.0, "and never falls below nothing"


@pytest.mark.django_db
def test_what_a_clock_that_was_ahead_has_counted_does_not_close_the_source():
    RateKeeper("open_meteo", DAILY).reserve(600.0, now=NOW + timedelta(days=9))

    assert read_used() == 0.0
    RateKeeper("open_meteo", DAILY).reserve(600.0, now=NOW)
    assert read_used() == 600.0


@pytest.mark.django_db
def test_sources_are_counted_apart_and_none_without_limits():
    RateKeeper("open_meteo", DAILY).reserve(600.0, now=NOW)
    RateKeeper("another", DAILY).reserve(600.0, now=NOW)
    RateKeeper("keyed", {}).reserve(1e6, now=NOW)

    assert set(SourceCalls.objects.values_list("source", "window_s", "used")) == {
        (source, seconds, 600.0) for source in ("open_meteo", "another") for seconds in (60, 86400)
    }


@pytest.mark.django_db(transaction=True)
def test_workers_that_ask_at_once_never_pass_the_limit():
    limits = {HOUR: 100.0, DAY: 500.0}

    def ask() -> bool:
        try:
            RateKeeper("open_meteo", limits).reserve(30.0, now=NOW)
        except SourceUnavailableError:
            return False
        return True

    asked = do_at_once(*[ask] * 6)

    assert sum(asked) == 3
    assert read_used(HOUR) == 90.0
