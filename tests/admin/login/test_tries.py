"""The admin's login: how often a password may be tried, and what is said about it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client

from tests.admin.login.trying import LOGIN, OTHER_NETWORK, RIGHT, WRONG, try_once, use_up
from tests.factories import NOON
from weatheralert.admin_site import OperationSite
from weatherapp.admin.login import gate
from weatherapp.models import Place
from weatherapp.models.budget import Budget


def test_the_admin_is_the_sites_own_and_knows_its_tables():
    assert isinstance(admin.site._wrapped, OperationSite)
    assert admin.site.is_registered(Place)
    assert admin.site.is_registered(User)


def test_a_right_password_within_the_limit_gets_in():
    for _ in range(gate.CLIENT.burst - 1):
        try_once()

    answer = try_once(password=RIGHT)

    assert answer.status_code == 302
    assert answer["Location"] == "/admin/weatherapp/"


def test_of_27_wrong_tries_and_a_right_one_only_the_first_few_are_looked_at():
    statuses = [try_once().status_code for _ in range(27)]
    last = try_once(password=RIGHT)

    assert statuses == [200] * gate.CLIENT.burst + [429] * (27 - gate.CLIENT.burst)
    assert last.status_code == 429
    assert not last.wsgi_request.user.is_authenticated


def test_who_is_refused_reads_when_to_try_again_and_then_gets_in(clock):
    use_up()

    refusal = try_once(password=RIGHT)
    clock(NOON + timedelta(seconds=int(refusal["Retry-After"])))

    assert refusal["Retry-After"] == "300"
    assert "again in 5 minutes" in refusal.content.decode()
    assert "no-store" in refusal["Cache-Control"]
    assert try_once(password=RIGHT).status_code == 302


@pytest.mark.parametrize("name", ["nobody", "OPERATOR", "another"])
def test_another_name_gives_a_network_no_new_tries(name):
    use_up()

    assert try_once(name=name).status_code == 429


def test_a_forged_forwarding_header_gives_no_new_tries(settings):
    settings.PROXY_HOPS = 0
    statuses = [
        Client(headers={"X-Forwarded-For": f"192.0.2.{number}"}).post(
            LOGIN, {"username": "operator", "password": WRONG}
        )
        for number in range(gate.CLIENT.burst + 1)
    ]

    assert [answer.status_code for answer in statuses][-2:] == [200, 429]


def test_addresses_of_one_ipv6_network_share_their_tries():
    for number in range(gate.CLIENT.burst):
        try_once(address=f"2001:db8::{number:x}")

    assert try_once(address="2001:db8::ffff").status_code == 429
    assert try_once(address="2001:db8:0:1::1").status_code == 200


@pytest.mark.parametrize("name", ["operator", "nobody"])
def test_a_name_has_so_many_tries_wherever_they_come_from(name):
    """Names that exist and names that do not are answered alike."""
    statuses = [
        try_once(name=name, address=f"192.0.2.{number}").status_code
        for number in range(gate.NAME.burst + 5)
    ]

    assert statuses == [200] * gate.NAME.burst + [429] * 5


def test_spellings_that_the_form_takes_for_one_name_are_one():
    for number in range(gate.NAME.burst):
        try_once(name=" \N{FULLWIDTH LATIN SMALL LETTER O}perator ", address=f"192.0.2.{number}")

    assert try_once(name="operator", address=OTHER_NETWORK).status_code == 429


def test_attackers_elsewhere_do_not_lock_out_a_browser_that_was_in_before():
    home = Client()
    assert try_once(home, RIGHT).status_code == 302
    home.post("/admin/logout/")
    for number in range(gate.NAME.burst + 1):
        try_once(address=f"192.0.2.{number}")
    use_up(name="somebody")

    assert try_once(Client(), RIGHT, address=OTHER_NETWORK).status_code == 429
    assert try_once(home, RIGHT).status_code == 302


def test_a_browser_that_was_in_before_has_no_more_tries_than_others(clock):
    home = Client()
    try_once(home, RIGHT)
    home.post("/admin/logout/")
    statuses = [try_once(home).status_code for _ in range(gate.DEVICE.burst + 3)]

    assert statuses == [200] * gate.DEVICE.burst + [429] * 3


def test_a_known_browser_is_known_for_its_own_name_only():
    User.objects.create_superuser("second", password=RIGHT)
    home = Client()
    try_once(home, RIGHT, name="second")
    home.post("/admin/logout/")
    use_up()

    assert try_once(home, RIGHT, name="operator").status_code == 429


@pytest.mark.parametrize("value", ["", "forged", "forged:sig", "a.b:c:d"])
def test_a_forged_cookie_is_worth_nothing(value):
    use_up()
    stranger = Client()
    stranger.cookies["known_device"] = value

    assert try_once(stranger, RIGHT).status_code == 429


def test_the_cookie_is_for_the_admin_alone_and_tells_nothing(settings):
    home = Client()
    cookie = try_once(home, RIGHT).cookies["known_device"]

    assert cookie["path"] == "/admin/"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert "operator" not in cookie.value
    assert "known_device" not in try_once(Client()).cookies


def test_what_is_counted_is_in_the_database_and_names_nobody():
    try_once()

    rows = Budget.objects.all()
    assert {row.limit for row in rows} == {gate.CLIENT.name, gate.NAME.name}
    assert all(len(row.holder) == 64 for row in rows)
    assert not any("operator" in row.holder or "203" in str(row) for row in rows)


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_nobody_is_led_away_after_the_login(path):
    answer = Client().post(
        f"{LOGIN}?next={path}", {"username": "operator", "password": RIGHT, "next": path}
    )

    assert answer.status_code == 302
    assert answer["Location"] == "/admin/"


def test_looking_at_the_form_costs_no_try():
    for _ in range(30):
        assert Client().get(LOGIN).status_code == 200

    assert Budget.objects.count() == 0


def test_a_form_without_its_token_costs_no_try_and_no_hash():
    client = Client(enforce_csrf_checks=True)

    assert try_once(client, RIGHT).status_code == 403
    assert Budget.objects.count() == 0
