"""Which addresses a stranger may send this machine to."""

from __future__ import annotations

import pytest

from weatherapp.net.errors import ForbiddenAddressError, NetError, WrongAddressError
from weatherapp.net.guard import Guard, check_address

INSIDE = [
    pytest.param("127.0.0.1", id="this machine"),
    pytest.param("127.255.255.254", id="this machine's last"),
    pytest.param("10.0.0.1", id="a private network"),
    pytest.param("172.16.0.1", id="another private network"),
    pytest.param("172.31.255.255", id="its last"),
    pytest.param("192.168.1.1", id="a home network"),
    pytest.param("100.64.0.1", id="a provider's inside"),
    pytest.param("[::1]", id="this machine, IPv6"),
    pytest.param("[fd12:3456::1]", id="a private network, IPv6"),
    pytest.param("[::ffff:127.0.0.1]", id="this machine, IPv4 in IPv6"),
    pytest.param("[64:ff9b::7f00:1]", id="this machine, NAT64"),
]
NEVER = [
    pytest.param("0.0.0.0", id="any"),  # noqa: S104 (nothing listens)
    pytest.param("0.1.2.3", id="this network"),
    pytest.param("169.254.169.254", id="a cloud's keys"),
    pytest.param("100.100.100.200", id="another cloud's keys"),
    pytest.param("[fd00:ec2::254]", id="a cloud's keys, IPv6"),
    pytest.param("[::ffff:169.254.169.254]", id="a cloud's keys, IPv4 in IPv6"),
    pytest.param("[64:ff9b::a9fe:a9fe]", id="a cloud's keys, NAT64"),
    pytest.param("192.0.0.192", id="protocol assignments"),
    pytest.param("192.0.2.1", id="documentation"),
    pytest.param("192.88.99.1", id="6to4 relays"),
    pytest.param("198.18.0.1", id="benchmarks"),
    pytest.param("203.0.113.7", id="more documentation"),
    pytest.param("224.0.0.1", id="multicast"),
    pytest.param("240.0.0.1", id="reserved"),
    pytest.param("255.255.255.255", id="everybody"),
    pytest.param("[::]", id="any, IPv6"),
    pytest.param("[::7f00:1]", id="IPv4-compatible"),
    pytest.param("[fe80::1]", id="link-local"),
    pytest.param("[fec0::1]", id="site-local"),
    pytest.param("[ff02::1]", id="multicast, IPv6"),
    pytest.param("[2001:db8::1]", id="documentation, IPv6"),
    pytest.param("[3fff::1]", id="newer documentation"),
    pytest.param("[2002:7f00:1::]", id="6to4 with this machine inside"),
    pytest.param("[2001:0:7f00:1::]", id="Teredo"),
    pytest.param("[64:ff9b:1::1]", id="a NAT64 of one's own"),
    pytest.param("[100::1]", id="discard"),
    pytest.param("[4000::1]", id="not handed out"),
]
OUTSIDE = [
    pytest.param("8.8.8.8", id="IPv4"),
    pytest.param("172.32.0.1", id="beside a private network"),
    pytest.param("[2a00:1450:4001::5]", id="IPv6"),
    pytest.param("[::ffff:8.8.8.8]", id="IPv4 in IPv6"),
    pytest.param("[64:ff9b::808:808]", id="NAT64"),
]


@pytest.mark.parametrize("host", [*INSIDE, *NEVER])
def test_the_inside_is_forbidden(host):
    with pytest.raises(ForbiddenAddressError):
        check_address(f"http://{host}/", Guard())


@pytest.mark.parametrize("host", OUTSIDE)
def test_the_open_net_is_allowed(host):
    check_address(f"https://{host}/hook", Guard())

    with pytest.raises(ForbiddenAddressError):  # the same guard still looks
        check_address("https://10.0.0.1/hook", Guard())


@pytest.mark.parametrize("host", INSIDE)
def test_the_operator_may_allow_the_own_network(host):
    Guard(allow_private=True).check_url(f"http://{host}/")

    with pytest.raises(ForbiddenAddressError):
        Guard().check_url(f"http://{host}/")


@pytest.mark.parametrize("host", NEVER)
def test_nobody_may_allow_the_rest(host):
    with pytest.raises(ForbiddenAddressError):
        Guard(allow_private=True).check_url(f"http://{host}/")


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "localhost"]
)
def test_other_ways_to_write_this_machine_are_forbidden(host):
    with pytest.raises(ForbiddenAddressError):
        check_address(f"http://{host}/", Guard())


def test_one_inside_address_among_others_is_enough():
    with pytest.raises(ForbiddenAddressError):
        Guard().check_ips(["8.8.8.8", "10.0.0.1"])


@pytest.mark.parametrize("url", ["ftp://8.8.8.8/", "https://user:secret@8.8.8.8/", "8.8.8.8"])
def test_what_is_no_address_of_the_web_is_wrong(url):
    with pytest.raises(WrongAddressError):
        check_address(url, Guard())


def test_a_name_that_is_no_host_has_a_named_error():
    with pytest.raises(NetError):
        check_address("http://nobody.invalid/", Guard(), timeout_s=5)
