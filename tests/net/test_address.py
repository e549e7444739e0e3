"""Addresses as they go on the wire."""

from __future__ import annotations

import pytest

from weatherapp.net.address import add_params, split_url
from weatherapp.net.errors import WrongAddressError


@pytest.mark.parametrize(
    ("url", "wire"),
    [
        pytest.param("http://Example.org", "http://example.org/", id="no path"),
        pytest.param(
            "https://example.org:8443/a?b=c#d", "https://example.org:8443/a?b=c", id="all"
        ),
        pytest.param("http://münchen.de/ä b", "http://xn--mnchen-3ya.de/%C3%A4%20b", id="umlauts"),
        pytest.param("http://example.org/%2F?q=%26", "http://example.org/%2F?q=%26", id="packed"),
        pytest.param("http://[2001:DB8::1]/", "http://[2001:db8::1]/", id="IPv6"),
        pytest.param(" http://example.org/\n", "http://example.org/", id="spaces around"),
    ],
)
def test_an_address_is_written_in_ascii(url, wire):
    assert add_params(split_url(url), {}) == wire


def test_parameters_stand_behind_what_the_address_holds():
    parts = split_url("http://example.org/a?key=1")

    assert add_params(parts, {"b": "2,3", "c": "é&"}) == (
        "http://example.org/a?key=1&b=2,3&c=%C3%A9%26"
    )


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("api.example.org/v1", id="no scheme"),
        pytest.param("ftp://example.org/", id="FTP"),
        pytest.param("file:///etc/passwd", id="a file"),
        pytest.param("http://", id="no host"),
        pytest.param("http://[::1/", id="half a bracket"),
        pytest.param("http://[fe80::1%25eth0]/", id="a network card"),
        pytest.param("http://user@example.org/", id="a user"),
        pytest.param("http://user:password@example.org/", id="a password"),
        pytest.param("http://example.org\\@127.0.0.1/", id="a backslash"),
        pytest.param("http://example.org:0/", id="port 0"),
        pytest.param("http://example.org:99999/", id="port 99999"),
        pytest.param("http://example.org:port/", id="port in words"),
        pytest.param("http://exa mple.org/", id="a space in the host"),
        pytest.param("http://-example.org/", id="a hyphen first"),
        pytest.param(f"http://{'ü' * 80}.de/", id="a label too long for IDNA"),
        pytest.param(f"http://{'a.' * 130}de/", id="a name too long"),
        pytest.param("http://xn--ü.com/", id="half packed"),
        pytest.param(f"http://example.org/{'a' * 9000}", id="9,000 letters"),
    ],
)
def test_a_wrong_address_is_refused(url):
    with pytest.raises(WrongAddressError, match="address is wrong"):
        split_url(url)
