"""A try on the past while it runs: who may see and stop it, progress, and how it ends."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from tests.admin.conftest import log_in
from tests.admin.tries import (
    TRY,
    begin,
    make_windy_place,
    text_of,
    typed,
)
from tests.factories import NOON
from weatherapp.models import Backtest, BacktestState

pytestmark = pytest.mark.django_db


def test_who_may_only_look_sees_results_and_cannot_begin_or_cancel(operator):
    make_windy_place()
    row = begin(operator)
    reader = log_in(username="reader", is_staff=True)
    permission = Permission.objects.get(codename="view_backtest")
    User.objects.get(username="reader").user_permissions.add(permission)

    page = reader.get(row.get_absolute_url())

    assert page.status_code == 200
    assert reverse("admin:cancel_backtest", args=[row.pk]) not in page.content.decode()
    assert reader.post(TRY, typed()).status_code == 403
    assert reader.post(reverse("admin:cancel_backtest", args=[row.pk])).status_code == 403
    row.refresh_from_db()
    assert (row.state, Backtest.objects.count()) == (BacktestState.WAITING, 1)


@pytest.mark.parametrize("who", ["guest", "stranger"])
def test_guests_and_strangers_see_and_do_nothing(operator, request, who):
    make_windy_place()
    row = begin(operator)
    client = request.getfixturevalue(who)

    answers = [
        client.get(row.get_absolute_url()),
        client.get(TRY),
        client.post(TRY, typed()),
        client.post(reverse("admin:cancel_backtest", args=[row.pk])),
    ]

    assert {answer.status_code for answer in answers} <= {302, 403}
    row.refresh_from_db()
    assert (row.state, Backtest.objects.count()) == (BacktestState.WAITING, 1)


def test_a_page_that_waits_asks_again_with_and_without_javascript(operator):
    make_windy_place()
    row = begin(operator)

    page = operator.get(row.get_absolute_url()).content.decode()
    part = operator.get(row.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()

    assert f'hx-get="{row.get_absolute_url()}"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert part.lstrip().startswith('<div id="live"')
    assert "<html" not in part


def test_progress_is_shown_and_cancel_is_heard(operator):
    make_windy_place()
    row = begin(operator)
    claimed = Backtest.objects.claim(row.pk, now=NOON)
    claimed.go_on(20, now=NOON)

    page = operator.get(row.get_absolute_url())
    answer = operator.post(reverse("admin:cancel_backtest", args=[row.pk]))

    assert "20 of 48 hours done" in text_of(page)
    assert answer.url == row.get_absolute_url()
    assert "Being cancelled" in text_of(operator.get(row.get_absolute_url()))
    assert claimed.go_on(40, now=NOON) is False


def test_get_cancels_nothing(operator):
    make_windy_place()
    row = begin(operator)

    assert operator.get(reverse("admin:cancel_backtest", args=[row.pk])).status_code == 405


@pytest.mark.parametrize(
    ("state", "fields", "words"),
    [
        ("CANCELLED", {}, "Cancelled."),
        ("FAILED", {"error": "UNREADABLE"}, "cannot be read"),
        ("FAILED", {"error": "KILLED"}, "killed several times"),
        ("FAILED", {"error": "BROKEN", "error_message": "Zero <b>"}, "Zero &lt;b&gt;"),
    ],
    ids=["cancelled", "unreadable", "killed", "broken"],
)
def test_every_end_is_said(operator, state, fields, words):
    make_windy_place()
    row = begin(operator)
    Backtest.objects.update(state=state, finished_at=NOON, take_up_at=None, **fields)

    page = operator.get(row.get_absolute_url())

    assert words in text_of(page)
    assert "hx-get" not in page.content.decode()
