"""What is long over is deleted, and nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.delivery.warned import owe
from tests.factories import make_subscription
from tests.official.making import NOON, make_cap, make_info
from tests.official.stored import known_source, store
from weatherapp.models import (
    Delivery,
    OfficialChange,
    OfficialEvent,
    OfficialMessage,
    OfficialPlace,
    OfficialWarning,
)
from weatherapp.official import forgetting
from weatherapp.official.storing import take
from weatherapp.operations.storage import read_storage

pytestmark = pytest.mark.django_db
TABLES = (OfficialMessage, OfficialEvent, OfficialWarning, OfficialPlace, OfficialChange, Delivery)
OVER_AT = NOON + timedelta(hours=6)


@pytest.fixture
def warning(place):
    """Told of, and over by its own words."""
    make_subscription(place)
    store(known_source(), make_cap("a"))
    owe()
    take.refold_due(now=OVER_AT, limit=10)
    return OfficialWarning.objects.get()


def test_what_is_long_over_goes_with_all_that_it_was_made_of(warning):
    at = OVER_AT + forgetting.KEPT + timedelta(hours=1)

    assert forgetting.forget_official_warnings(now=at) == 2
    assert [table.objects.count() for table in TABLES] == [0] * len(TABLES)


def test_what_ended_a_while_ago_stays(warning):
    assert forgetting.forget_official_warnings(now=OVER_AT + forgetting.KEPT) == 0
    assert all(table.objects.exists() for table in TABLES)


def test_what_stands_stays_however_old(place):
    forever = make_info(expires="2027-03-01T18:00:00+00:00")
    store(known_source(), make_cap("a", infos=[forever]))

    assert forgetting.forget_official_warnings(now=NOON + timedelta(days=200)) == 0
    assert OfficialMessage.objects.exists()


def test_a_message_that_a_feed_still_lists_stays_and_is_not_told_again(warning):
    later = OVER_AT + forgetting.KEPT + timedelta(hours=1)
    OfficialMessage.objects.update(seen_at=later)
    forgetting.forget_official_warnings(now=later)
    assert OfficialMessage.objects.exists()

    source = OfficialMessage.objects.get().source
    store(source, make_cap("a"), now=later)
    assert not OfficialChange.objects.exists()


def test_what_does_not_fit_the_time_waits(warning, monkeypatch):
    at = OVER_AT + 2 * forgetting.KEPT

    assert forgetting.forget_official_warnings(now=at, is_time_up=lambda: True) == 0
    monkeypatch.setattr(forgetting, "BATCH", 1)
    assert forgetting.forget_official_warnings(now=at) == 2


def test_the_storage_command_counts_them(warning):
    rows = {table.name: table.rows for table in read_storage().tables}

    assert rows["weatherapp_officialmessage"] == 1
    assert rows["weatherapp_officialplace"] == 1
