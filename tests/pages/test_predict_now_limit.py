"""Who a client is, and how often it may ask."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.factories import NOON
from weatherapp.forecasting.asking import allowance
from weatherapp.models.budget import Budget, Limit, TooManyRequestsError
from weatherapp.pages.client_address import find_address, make_client_key, name_network

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def limits(settings):
    settings.PREDICT_NOW_BURST = 3
    settings.PREDICT_NOW_EVERY = 10 * SECOND


def spend(client="alice", *, at=0):
    allowance.spend(client, now=NOON + at * SECOND)


def is_refused_for_s(client="alice", *, at=0):
    with pytest.raises(allowance.TooManyRequestsError) as refusal:
        spend(client, at=at)
    return refusal.value.retry_after_s


@pytest.mark.django_db
def test_a_burst_is_allowed_then_one_after_each_pause():
    for _ in range(3):
        spend()

    assert is_refused_for_s() == pytest.approx(10)
    assert is_refused_for_s(at=4) == pytest.approx(6)
    spend(at=10)
    assert is_refused_for_s(at=10) == pytest.approx(10)


@pytest.mark.django_db
def test_who_is_refused_does_not_wait_longer_for_having_asked():
    for _ in range(3):
        spend()
    for second in range(1, 10):
        assert is_refused_for_s(at=second) == pytest.approx(10 - second)

    spend(at=10)


@pytest.mark.django_db
def test_one_client_takes_nothing_from_another():
    for _ in range(3):
        spend("alice")

    spend("bob")

    assert Budget.objects.count() == 2


@pytest.mark.django_db
def test_no_more_than_a_burst_is_saved_up():
    spend()

    for _ in range(3):
        spend(at=3600)
    assert is_refused_for_s(at=3600) == pytest.approx(10)


@pytest.mark.django_db
def test_a_clock_that_was_set_back_refuses_nobody_longer():
    for _ in range(3):
        spend(at=3600)

    assert is_refused_for_s(at=0) == pytest.approx(10)


@pytest.mark.django_db
def test_full_buckets_are_forgotten():
    spend("alice", at=0)
    spend("bob", at=1)

    Budget.objects.forget_full(now=NOON + 10 * SECOND)

    assert [row.holder for row in Budget.objects.all()] == ["bob"]


@pytest.mark.django_db
def test_what_one_limit_refuses_takes_nothing_from_the_other():
    narrow, wide = Limit("an hour", 1, 60 * SECOND), Limit("a day", 5, 600 * SECOND)
    Budget.objects.spend((narrow, "alice"), (wide, "alice"), now=NOON)

    for _ in range(9):
        with pytest.raises(TooManyRequestsError) as refusal:
            Budget.objects.spend((narrow, "alice"), (wide, "alice"), now=NOON)
        assert refusal.value.limit == narrow

    assert Budget.objects.get(limit="a day").tokens == 4


@pytest.mark.parametrize(
    ("hops", "forwarded", "expected"),
    [
        pytest.param(0, "", "10.0.0.1", id="no proxy"),
        pytest.param(0, "203.0.113.7", "10.0.0.1", id="no proxy, whatever the client says"),
        pytest.param(1, "203.0.113.7", "203.0.113.7", id="one proxy"),
        pytest.param(1, "198.51.100.9, 203.0.113.7", "203.0.113.7", id="a forged first word"),
        pytest.param(1, "198.51.100.9,203.0.113.7 ", "203.0.113.7", id="spaces"),
        pytest.param(2, "1.2.3.4, 203.0.113.7, 198.51.100.9", "203.0.113.7", id="two proxies"),
        pytest.param(2, "203.0.113.7", "10.0.0.1", id="past the outer proxy"),
        pytest.param(1, "", "10.0.0.1", id="past the proxy"),
        pytest.param(1, "unknown", "10.0.0.1", id="no address"),
        pytest.param(1, "203.0.113.7:4711", "203.0.113.7", id="with a port"),
        pytest.param(1, '"203.0.113.7"', "203.0.113.7", id="in quotes"),
        pytest.param(1, "203.0.113.7:port", "10.0.0.1", id="with half a port"),
        pytest.param(1, "203.0.113.7, 203.0.113", "10.0.0.1", id="half an address"),
        pytest.param(1, "2001:db8::1", "2001:db8::1", id="IPv6"),
        pytest.param(1, "2001:DB8:0:0::1", "2001:db8::1", id="IPv6, written otherwise"),
        pytest.param(1, "[2001:db8::1]", "2001:db8::1", id="IPv6 in brackets"),
        pytest.param(1, "[2001:db8::1]:443", "2001:db8::1", id="IPv6 with a port"),
        pytest.param(1, '"[2001:db8::1]:443"', "2001:db8::1", id="IPv6 as RFC 7239 writes it"),
        pytest.param(1, "fe80::1%eth0", "fe80::1", id="IPv6 with a zone"),
        pytest.param(1, "[fe80::1%25eth0]:443", "fe80::1", id="IPv6 with a zone and a port"),
        pytest.param(1, "::ffff:203.0.113.7", "203.0.113.7", id="IPv4 within IPv6"),
        pytest.param(1, "[::ffff:203.0.113.7]:80", "203.0.113.7", id="the same with a port"),
        pytest.param(1, "2001:db8::1]:443", "10.0.0.1", id="half a bracket"),
        pytest.param(1, "1.2.3.4, a\r\nb", "10.0.0.1", id="a line break"),
    ],
)
def test_the_address_is_the_one_that_our_own_proxy_saw(hops, forwarded, expected):
    assert find_address("10.0.0.1", forwarded, hops=hops) == expected


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("fe80::1%eth0", "fe80::/64"),
        ("[2001:db8:1:2::3]:443", "2001:db8:1:2::/64"),
        ("", ""),
    ],
)
def test_an_ipv6_network_is_one_client(address, network):
    assert name_network(address) == network


@pytest.mark.parametrize("remote", ["203.0.113.7", "203.0.113.7:55001", "203.0.113.7:55002"])
def test_a_port_that_changes_makes_no_new_client(rf, settings, remote):
    settings.PROXY_HOPS = 1
    request = rf.post("/", headers={"X-Forwarded-For": remote})

    assert make_client_key(request) == make_client_key(
        rf.post("/", headers={"X-Forwarded-For": "203.0.113.7:1"})
    )


def test_the_key_does_not_hold_the_address(rf, settings):
    settings.PROXY_HOPS = 1
    keys = {
        make_client_key(rf.post("/", headers={"X-Forwarded-For": f"1.2.3.4, {address}"}))
        for address in ("203.0.113.7", "203.0.113.8", "203.0.113.7")
    }

    assert len(keys) == 2
    assert not any("203" in key and "113.7" in key for key in keys)
