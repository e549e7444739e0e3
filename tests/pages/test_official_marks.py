"""What a page's mark says of the official warnings at a place."""

import json
from datetime import timedelta

import pytest

from tests.factories import NOON
from weatherapp.domain.cap import Severity
from weatherapp.pages.official_marks import OfficialMark, read_mark

LATER = NOON + timedelta(hours=1)


def write(*events):
    """As the database puts rows together: each an array, with commas between."""
    rows = ([pk, severity, "2026-01-01", ends_at, 1, ""] for pk, severity, ends_at in events)
    return ",".join(map(json.dumps, rows))


def test_nothing_is_no_mark():
    assert read_mark("", NOON) is None


@pytest.mark.parametrize(
    "ends_at",
    [
        pytest.param("2026-01-01 13:00:00", id="SQLite"),
        pytest.param("2026-01-01 13:00:00.000001", id="SQLite, and not on the second"),
        pytest.param("2026-01-01T13:00:00+00:00", id="PostgreSQL"),
        pytest.param(None, id="nobody knows when it ends"),
    ],
)
def test_what_goes_on_counts_as_either_database_writes_it(ends_at):
    assert read_mark(write((1, "Severe", ends_at)), NOON) == OfficialMark(Severity.SEVERE, 1)


def test_what_has_run_out_does_not_count():
    assert read_mark(write((1, "Severe", LATER.isoformat())), LATER) is None


def test_the_gravest_is_named_and_several_issuers_are_one():
    text = write((1, "Minor", None), (1, "Extreme", None), (2, "Unknown", None))

    assert read_mark(text, NOON) == OfficialMark(Severity.EXTREME, 2)
