"""A mail server that fails is left alone, tried with one mail, and used again: a real one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.mail.backends.smtp import EmailBackend

from tests.delivery.mail_server import HANG_UP, STAY_SILENT
from tests.delivery.sending import MINUTE, owe, read_states, send_batch
from tests.delivery.test_email import find_closed_port
from tests.factories import NOON
from tests.together import do_at_once
from weatherapp.delivery import breaker
from weatherapp.delivery.breaker import MAIL, find_rest
from weatherapp.models import Delivery, OutgoingServer

pytestmark = pytest.mark.django_db


def read_server() -> OutgoingServer:
    return OutgoingServer.objects.get(name=MAIL)


def read_rows() -> list[dict]:
    return list(Delivery.objects.order_by("pk").values())


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 15), (6, 15), (10_000, 15)]
)
def test_rest_doubles_up_to_a_quarter_of_an_hour(failures, minutes):
    assert find_rest(failures) == minutes * MINUTE


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param(STAY_SILENT, "timed out", id="accepts and stays silent"),
        pytest.param(HANG_UP, "closed", id="hangs up"),
        pytest.param("554 go away", "554 go away", id="wants nothing"),
    ],
)
def test_failed_connect_ends_the_run_and_touches_no_mail(mail_server, settings, answer, said):
    settings.EMAIL_TIMEOUT = 0.5 if answer == STAY_SILENT else 20  # s
    owe(20)
    before = read_rows()
    mail_server.answers["GREETING"] = answer

    assert not send_batch(), "nothing is to be done at once"

    server = read_server()
    assert (server.failures, server.open_until) == (1, NOON + MINUTE)
    assert (server.last_failure_at, server.last_success_at) == (NOON, None)
    assert said in server.last_error
    assert read_rows() == before
    assert mail_server.connections == 1


def test_server_that_is_not_there_is_left_alone_longer_and_longer(mail_server, settings):
    owe(3)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, find_closed_port()
    now, rests = NOON, []
    for _ in range(7):
        send_batch(now=now)
        rests.append((read_server().open_until - now) / MINUTE)
        now = read_server().open_until

    assert rests == [1, 2, 4, 8, 15, 15, 15]
    assert set(Delivery.objects.values_list("attempts", flat=True)) == {0}

    settings.EMAIL_PORT = port
    send_batch(now=now)

    assert len(mail_server.mails) == 3
    assert (read_server().failures, read_server().open_until) == (0, None)


def test_while_it_is_left_alone_a_run_is_one_query(mail_server, django_assert_num_queries):
    owe(3)
    mail_server.answers["GREETING"] = HANG_UP
    send_batch()

    with django_assert_num_queries(1):
        more = send_batch(now=NOON + MINUTE - timedelta(seconds=1))

    assert not more
    assert mail_server.connections == 1


def test_probe_that_fails_is_one_mail(mail_server):
    owe(5)
    mail_server.answers["GREETING"] = iter([HANG_UP])
    send_batch()
    mail_server.answers["MAIL TEXT"] = iter([HANG_UP])

    send_batch(now=NOON + MINUTE)

    assert read_server().open_until == NOON + 3 * MINUTE
    assert Delivery.objects.exclude(error="").count() == 1
    assert mail_server.mails == []


def test_probe_that_succeeds_opens_the_way_for_all(mail_server):
    owe(5)
    mail_server.answers["GREETING"] = iter([HANG_UP])
    send_batch()

    send_batch(now=NOON + MINUTE)

    server = read_server()
    assert set(read_states().values()) == {"SENT"}
    assert (server.failures, server.open_until) == (0, None)
    assert server.last_success_at == NOON + MINUTE


def test_a_no_to_the_probe_says_that_the_server_works(mail_server):
    owe(2)
    mail_server.answers["GREETING"] = iter([HANG_UP])
    send_batch()
    mail_server.answers["RCPT"] = iter(["550 no such user"])

    send_batch(now=NOON + MINUTE)

    assert read_server().open_until is None
    assert sorted(read_states().values()) == ["FAILED", "SENT"]


def test_row_that_ends_the_connection_does_not_stand_before_the_others(mail_server):
    poison, *others = owe(3)
    mail_server.refuse_recipient["reader-0@"] = HANG_UP
    send_batch()
    assert read_server().open_until == NOON + MINUTE

    send_batch(now=NOON + MINUTE)

    assert set(Delivery.objects.filter(pk__in=others).values_list("state", flat=True)) == {"SENT"}
    assert read_server().open_until is None, "it worked before it went away"
    assert Delivery.objects.get(pk=poison).state == "PENDING"


def test_nothing_due_leaves_the_probe_to_who_has_a_mail(mail_server):
    OutgoingServer.objects.create(name=MAIL, failures=3, open_until=NOON - MINUTE)

    send_batch()

    assert mail_server.connections == 0
    assert read_server().open_until == NOON - MINUTE


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_probes(mail_server):
    owe(4)
    OutgoingServer.objects.create(name=MAIL, failures=3, open_until=NOON - MINUTE)
    seen = read_server(), read_server()

    taken = do_at_once(
        *[lambda server=server: breaker.take_turn(server, now=NOON) for server in seen]
    )

    assert sorted(taken) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_fail_at_once_count_once(mail_server):
    OutgoingServer.objects.create(name=MAIL)
    seen = read_server(), read_server()

    do_at_once(
        *[lambda server=server: breaker.note_failure(server, "x", now=NOON) for server in seen]
    )

    assert (read_server().failures, read_server().open_until) == (1, NOON + MINUTE)


def test_prober_that_died_keeps_nobody_away_for_long(mail_server):
    owe(1)
    OutgoingServer.objects.create(name=MAIL, failures=3, open_until=NOON - MINUTE)
    assert breaker.take_turn(read_server(), now=NOON)

    send_batch(now=read_server().open_until)

    assert len(mail_server.mails) == 1


def test_wrong_password_is_the_servers_trouble_and_costs_no_mail_a_try(mail_server, settings):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "site", "wrong"
    owe(2)

    send_batch()

    assert read_server().failures == 1
    assert "NotSupported" in read_server().last_error
    assert set(Delivery.objects.values_list("attempts", "error")) == {(0, "")}
    assert settings.EMAIL_BACKEND.endswith(EmailBackend.__name__)
