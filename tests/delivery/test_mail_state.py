"""How sending stands, as health and operators are told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.delivery.mail_server import HANG_UP
from tests.delivery.sending import MINUTE, owe, send_batch
from tests.factories import NOON, make_place, make_subscription
from weatherapp.delivery.mail_state import MailState, read_mail_state
from weatherapp.models import OutgoingServer

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_fresh_site_has_nothing_to_say_and_nothing_is_written(django_assert_num_queries):
    with django_assert_num_queries(3):
        standing = read_mail_state(NOON)

    assert standing == MailState(False, None, 0, "", None, None, None, 0, 0)
    assert not OutgoingServer.objects.exists()


def test_outage_is_told(mail_server):
    owe(2)
    make_subscription(
        make_place(name="Asked"),
        confirmed_at=None,
        created_at=NOON - MINUTE,
        confirmation_due_at=NOON,
    )
    mail_server.answers["GREETING"] = HANG_UP

    send_batch()
    standing = read_mail_state(NOON)

    assert (standing.is_open, standing.open_until) == (True, NOON + MINUTE)
    assert (standing.failures, standing.last_failure_at) == (1, NOON)
    assert "closed" in standing.last_error
    assert (standing.unsent, standing.oldest_unsent_at) == (3, NOON - MINUTE)
    assert not read_mail_state(NOON + MINUTE).is_open


def test_what_was_given_up_is_counted_for_a_day(mail_server):
    owe(2)
    mail_server.refuse_recipient["reader-0@"] = "550 no such user"

    send_batch()
    standing = read_mail_state(NOON)

    assert (standing.failed_24h, standing.unsent, standing.oldest_unsent_at) == (1, 0, None)
    assert standing.last_success_at == NOON
    assert read_mail_state(NOON + DAY).failed_24h == 0
