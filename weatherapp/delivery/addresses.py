"""What somebody typed to one normal form of a mail address. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

# https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1 and errata 1690; octets, encoded
LONGEST_LOCAL = 64
LONGEST_DOMAIN = 253
LONGEST_LABEL = 63
LONGEST_ADDRESS = 254

# https://www.rfc-editor.org/rfc/rfc5322#section-3.2.3: a dot-atom; nobody's mailbox needs quotes.
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(\.{_ATOM})*", re.ASCII | re.IGNORECASE)
_LABEL = re.compile(rf"(?!-)[a-z0-9-]{{1,{LONGEST_LABEL}}}(?<!-)", re.ASCII)
# Where dots in the name mean nothing, and under which other name the same mailbox answers.
_DOTLESS_DOMAINS = {"gmail.com": "gmail.com", "googlemail.com": "gmail.com"}


class AddressError(ValueError):
    """No address that mail can be sent to; the subclass says what to tell its owner."""


class AddressTooLongError(AddressError):
    """More than mail servers take, as it is written on the wire."""


class ForeignLettersError(AddressError):
    """Letters before the @ that only mail servers with SMTPUTF8 take."""


@dataclass(frozen=True, slots=True)
class Address:
    """`email` is sent to; `key` is looked up and unique; `mailbox` is the same for all aliases."""

    email: str
    key: str
    mailbox: str


def parse_address(text: str) -> Address:
    """The same form for every way of writing an address. Raises AddressError.

    Names are ASCII: then upper and lower case are one rule, here and in every database, and no
    look-alike (dotless i, long s, Kelvin sign) can ever become somebody else's letter.
    """
    local, at, typed_domain = text.strip().rpartition("@")
    if not at or len(text) > 2 * LONGEST_ADDRESS:
        raise AddressError("no whole address")
    if not local.isascii():
        raise ForeignLettersError("the name has letters outside ASCII")
    if not _LOCAL.fullmatch(local):
        raise AddressError("the name has characters that no name has")
    domain = _encode_domain(typed_domain)
    email = f"{local}@{domain}"
    if len(local) > LONGEST_LOCAL or len(email) > LONGEST_ADDRESS:
        raise AddressTooLongError("the address is too long")
    return Address(email, email.lower(), _name_mailbox(local.lower(), domain))


def _encode_domain(typed: str) -> str:
    """As the name system knows it: lower case, ASCII. Raises AddressError."""
    domain = typed.lower() if typed.isascii() and "xn--" not in typed.lower() else _to_ascii(typed)
    *others, top = domain.split(".")
    if len(domain) > LONGEST_DOMAIN or any(len(label) > LONGEST_LABEL for label in (*others, top)):
        raise AddressTooLongError("the domain is too long")
    if not others or top.isdigit() or not all(map(_LABEL.fullmatch, (*others, top))):
        raise AddressError("the domain is none")
    return domain


def _to_ascii(domain: str) -> str:
    """IDNA 2008 after the mapping that browsers do (UTS 46): the mail goes where they would go."""
    import idna  # 1.4 MB of tables that a process only needs when somebody has such a domain

    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        too_long = "too long" in str(error)
        raise (AddressTooLongError if too_long else AddressError)("the domain is none") from error


def _name_mailbox(local: str, domain: str) -> str:
    """name+anything is name's; so is n.a.m.e where the provider ignores dots."""
    name = local.partition("+")[0] or local
    if domain in _DOTLESS_DOMAINS:
        name, domain = name.replace(".", ""), _DOTLESS_DOMAINS[domain]
    return f"{name}@{domain}"
