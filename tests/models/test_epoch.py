"""Times as whole numbers, as each database counts them."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.factories import make_place, make_readings
from weatherapp.models import Reading
from weatherapp.models.epoch import EpochSeconds

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 3, 29, 1, tzinfo=UTC),  # when clocks in Europe are put forward
        datetime(1969, 12, 31, 23, tzinfo=UTC),
        datetime(2040, 2, 29, 23, 59, 59, 999_000, tzinfo=UTC),
    ],
)
def test_seconds_are_those_of_python(at):
    make_readings(make_place(), until=at, hours=1)

    assert Reading.objects.values_list(EpochSeconds("observed_at"), flat=True).get() == (
        (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    )
