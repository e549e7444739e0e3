"""When the other side wants to be asked again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOON
from weatherapp.net.reply import Reply, make_reply

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        pytest.param("120", timedelta(minutes=2), id="seconds"),
        pytest.param("0", timedelta(), id="at once"),
        pytest.param("99999999999999999999", DAY, id="too many seconds"),
        pytest.param("Thu, 01 Jan 2026 12:05:00 GMT", timedelta(minutes=5), id="a date"),
        pytest.param("Thu, 01 Jan 2026 12:05:00 -0000", timedelta(minutes=5), id="no zone"),
        pytest.param("Thu, 01 Jan 2026 13:05:00 +0100", timedelta(minutes=5), id="another zone"),
        pytest.param("Thu, 01 Jan 2099 12:05:00 GMT", DAY, id="a date too far"),
        pytest.param("Wed, 01 Jan 2020 12:05:00 GMT", timedelta(), id="a date gone by"),
        pytest.param("", None, id="nothing"),
        pytest.param("-5", None, id="before"),
        pytest.param("1e9", None, id="no whole number"),
        pytest.param("٣", None, id="digits of elsewhere"),
        pytest.param("soon", None, id="words"),
        pytest.param("Thu, 99 Jan 2026 99:05:00 GMT", None, id="no date"),
    ],
)
def test_the_wish_to_be_left_alone_is_read_within_bounds(text, after):
    wanted_at = Reply(429, b"", retry_after=text).retry_at(now=NOON)

    assert wanted_at == (None if after is None else NOON + after)


def test_a_header_that_is_too_long_counts_as_not_sent():
    headers = [(b"ETag", b"x" * 501), (b"Last-Modified", b"then"), (b"Retry-After", b"1" * 9000)]

    reply = make_reply(200, headers, b"")

    assert (reply.etag, reply.last_modified, reply.retry_after) == ("", "then", "")
