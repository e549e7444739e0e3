"""One normal form of an address, and what is none."""

from __future__ import annotations

import sys

import pytest

from weatherapp.delivery.addresses import (
    LONGEST_ADDRESS,
    AddressError,
    AddressTooLongError,
    ForeignLettersError,
    parse_address,
)

LOOK_ALIKES = {
    "dotless i": "v\u0131ctim@example.org",
    "capital i with a dot": "V\u0130CTIM@example.org",
    "long s": "\u017fam@example.org",
    "Kelvin sign": "\u212aim@example.org",
    "full width": "\uff56ictim@example.org",
    "combining dot": "vi\u0307ctim@example.org",
    "Cyrillic a": "s\u0430m@example.org",
    "sharp s": "stra\u00dfe@example.org",
    "soft hyphen": "vic\u00adtim@example.org",
    "zero width space": "vic\u200btim@example.org",
    "right to left": "\u202evictim@example.org",
}


@pytest.mark.parametrize(
    ("typed", "email", "key"),
    [
        pytest.param("a@example.org", "a@example.org", "a@example.org", id="plain"),
        pytest.param(" A.B@Example.ORG ", "A.B@example.org", "a.b@example.org", id="case, spaces"),
        pytest.param("o'hara+x@a-b.co", "o'hara+x@a-b.co", "o'hara+x@a-b.co", id="signs"),
        pytest.param("a@bücher.de", "a@xn--bcher-kva.de", "a@xn--bcher-kva.de", id="umlaut"),
        pytest.param(
            "a@XN--BCHER-KVA.de", "a@xn--bcher-kva.de", "a@xn--bcher-kva.de", id="encoded"
        ),
        pytest.param("a@straße.de", "a@xn--strae-oqa.de", "a@xn--strae-oqa.de", id="sharp s"),
        pytest.param("a@\uff45xample\u3002org", "a@example.org", "a@example.org", id="full width"),
        pytest.param("a@\u212aelvin.org", "a@kelvin.org", "a@kelvin.org", id="Kelvin sign"),
        pytest.param("a@exam\u00adple.org", "a@example.org", "a@example.org", id="soft hyphen"),
    ],
)
def test_every_way_of_writing_has_one_form(typed, email, key):
    address = parse_address(typed)

    assert (address.email, address.key) == (email, key)


def test_normal_form_of_a_normal_form_is_itself():
    once = parse_address("Jane@BÜCHER.de")

    assert parse_address(once.email) == once
    assert parse_address(once.key).key == once.key


@pytest.mark.parametrize("typed", LOOK_ALIKES.values(), ids=LOOK_ALIKES)
def test_look_alikes_before_the_at_are_refused(typed):
    with pytest.raises(ForeignLettersError):
        parse_address(typed)


def test_dotless_i_in_a_domain_is_another_domain():
    assert parse_address("a@v\u0131ctim.org").key == "a@xn--vctim-n4a.org"


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("", id="nothing"),
        pytest.param("@", id="only an at"),
        pytest.param("nobody", id="no at"),
        pytest.param("a@", id="no domain"),
        pytest.param("@example.org", id="no name"),
        pytest.param("a@b@example.org", id="two ats"),
        pytest.param("a@localhost", id="no dot"),
        pytest.param("a@.org", id="dot first"),
        pytest.param("a@example.org.", id="dot last"),
        pytest.param("a@a..org", id="empty label"),
        pytest.param("a@-a.org", id="hyphen first"),
        pytest.param("a@a_b.org", id="underscore"),
        pytest.param("a@1.2.3.4", id="numbers"),
        pytest.param("a@\uff11.2.3.4", id="full-width numbers"),
        pytest.param("a@[127.0.0.1]", id="literal"),
        pytest.param(".a@example.org", id="name begins with a dot"),
        pytest.param("a..b@example.org", id="two dots"),
        pytest.param('"a b"@example.org', id="quotes"),
        pytest.param("a b@example.org", id="space"),
        pytest.param("a@b c.org", id="space in the domain"),
        pytest.param("a\r\nBcc: x@example.org", id="line break"),
        pytest.param("a@example.org\nBcc: x", id="line break after"),
        pytest.param("a\x00@example.org", id="NUL"),
        pytest.param("a@exam\x00ple.org", id="NUL in the domain"),
        pytest.param("a@exam\x7fple.org", id="control character"),
        pytest.param("a@ü\ud800.org", id="half a surrogate pair"),
        pytest.param("a@\u202eexample.org", id="right to left"),
        pytest.param("a@xn--ü.com", id="encoded and not"),
        pytest.param("a@xn--.com", id="encoded nothing"),
        pytest.param("a@xn--a.com", id="encoded control character"),
        pytest.param("a@xn--www-.com", id="encoded ASCII"),
        pytest.param("a@i❤.ws", id="a heart"),
        pytest.param("a@אa.org", id="two directions"),
        pytest.param("a@\u0301a.org", id="accent first"),
        pytest.param("a@" + "." * 60, id="dots"),
    ],
)
def test_what_is_no_address_is_refused(typed):
    with pytest.raises(AddressError) as refusal:
        parse_address(typed)
    assert type(refusal.value) is AddressError


@pytest.mark.parametrize(
    ("typed", "fits"),
    [
        pytest.param("a" * 64 + "@example.org", True, id="name of 64"),
        pytest.param("a" * 65 + "@example.org", False, id="name of 65"),
        pytest.param("a@" + "b" * 63 + ".org", True, id="label of 63"),
        pytest.param("a@" + "b" * 64 + ".org", False, id="label of 64"),
        pytest.param("a@" + "ü" * 57 + ".org", True, id="label of 63, encoded"),
        pytest.param("a@" + "ü" * 59 + ".org", False, id="label over 63, encoded"),
        pytest.param("a@" + "b." * 124 + "org", True, id="address of 253"),
        pytest.param("abc@" + "b." * 124 + "org", False, id="address of 255"),
        pytest.param("a@" + "b." * 126 + "org", False, id="domain of 255"),
        pytest.param("a@" + "İ." * 60 + "org", False, id="dotted capital i"),
        pytest.param("a@" + "İ" * 200 + ".org", False, id="one label of dotted capital i"),
    ],
)
def test_lengths_count_as_on_the_wire(typed, fits):
    if fits:
        assert len(parse_address(typed).email) <= LONGEST_ADDRESS
    else:
        with pytest.raises(AddressTooLongError):
            parse_address(typed)


@pytest.mark.parametrize(
    ("typed", "mailbox"),
    [
        ("Jane@example.org", "jane@example.org"),
        ("jane+alerts+x@example.org", "jane@example.org"),
        ("j.ane@example.org", "j.ane@example.org"),
        ("J.a.ne+x@gmail.com", "jane@gmail.com"),
        ("jane@googlemail.com", "jane@gmail.com"),
        ("+@example.org", "+@example.org"),
    ],
)
def test_aliases_are_one_mailbox(typed, mailbox):
    assert parse_address(typed).mailbox == mailbox


def test_no_character_anywhere_is_more_than_an_error():
    """Every character of Unicode in the name, and one of each hundred in the domain."""
    keys = set()
    for code in range(sys.maxunicode + 1):
        texts = [f"vict{chr(code)}m@example.org"]
        if code % 101 == 0:
            texts.append(f"a@ex{chr(code)}mple.org")
        for text in texts:
            try:
                keys.add((text, parse_address(text).key))
            except AddressError:
                continue

    assert all(key.isascii() and key == key.lower() for _, key in keys)
    assert {text for text, key in keys if key == "victim@example.org"} == {
        "victim@example.org",
        "victIm@example.org",
    }
